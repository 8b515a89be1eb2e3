use std::net::TcpListener;
use std::process::{Command, Output};

/// Runs the program itself with these variables and no others.
pub fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recipe-service"));
    let command = command.args(arguments).env_clear().envs(variables.iter().copied());
    command.output().expect("the program cannot be run")
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_missing_folder_of_secrets_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().display().to_string();

    let output = program(
        &["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"],
        &[("RECIPES_DATA_DIR", &data_dir), ("RUST_LOG", "off")],
    );

    assert_eq!(output.status.code(), Some(78), "{}", said(&output));
    assert!(said(&output).contains("RECIPES_SECRETS_DIR") && said(&output).trim().lines().count() == 1);
}

#[test]
fn a_bad_value_stops_the_start_and_names_its_variable() {
    for (variable, value) in [
        ("RECIPES_LISTEN", "nowhere"),
        ("RECIPES_OPS_LISTEN", "127.0.0.1:99999"),
        ("RECIPES_DATABASE_URL", "mysql://localhost/x"),
        ("RECIPES_DATABASE_POOL", "0"),
        ("RECIPES_DATABASE_POOL", "many"),
        ("RECIPES_ISSUER", "localhost"),
        ("RECIPES_AUDIENCE", " "),
        ("RECIPES_JWKS_URL", "file:///etc/passwd"),
        ("RECIPES_FEED_URL", ","),
        ("RECIPES_FEED_URL", "http://127.0.0.1:9081,ftp://x"),
        ("RECIPES_LEEWAY", "6m"),
        ("RECIPES_LEEWAY", "30"),
        ("RECIPES_STALE_AFTER", "0s"),
        ("RECIPES_STALE_AFTER", "31s"),
        ("RECIPES_BLIND_AFTER", "61m"),
        ("RECIPES_BLIND_AFTER", "-1s"),
        ("RECIPES_PUBLIC_URL", "recipes.example.com"),
        ("RECIPES_LEGACY_TOKEN_HEADER", "perhaps"),
        ("RECIPES_LEGACY_HS256_SECRET", "secret"),
        ("RECIPES_LEGACY_HS256_SECRET_FILE", "/nowhere/at/all"),
        ("RECIPES_LEGACY_ISSUER", "https://old.test"),
        ("RECIPES_LEGACY_UNTIL", "2027-01-31"),
        ("RECIPES_IMAGES", "ftp://files.example.com/images"),
        ("RECIPES_IMAGES", "s3://"),
        ("RECIPES_IMAGES", "s3://My_Bucket/images"),
        ("RECIPES_WORKERS", "0"),
        ("RECIPES_TRUSTED_PROXIES", "proxy.example"),
        ("RECIPES_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("RECIPES_CORS_ORIGINS", "*"),
        ("RECIPES_CORS_ORIGINS", "https://app.example/"),
        ("RECIPES_HEAD_TIMEOUT", "0s"),
        ("RECIPES_BODY_TIMEOUT", "2h"),
        ("RECIPES_SEND_TIMEOUT", "10"),
        ("RECIPES_IDLE_TIMEOUT", "-1s"),
        ("RECIPES_CONNECTIONS", "0"),
        ("LOG_FORMAT", "xml"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().display().to_string();
        let mut variables = vec![
            ("RECIPES_LISTEN", "127.0.0.1:0"),
            ("RECIPES_OPS_LISTEN", "127.0.0.1:0"),
            ("RECIPES_DATA_DIR", data_dir.as_str()),
            ("RUST_LOG", "off"),
        ];
        variables.push((variable, value));

        let output = program(&[], &variables);

        assert_eq!(output.status.code(), Some(78), "{variable}={value}: {}", said(&output));
        assert!(said(&output).contains(variable), "{variable}={value}: {}", said(&output));
        assert_eq!(said(&output).trim().lines().count(), 1, "{variable}={value}: {}", said(&output));
    }
}

/// Whose tokens are taken, and until when, is said wholly or not at all.
#[test]
fn tokens_of_another_issuer_need_a_strong_secret_and_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (strong, weak) =
        (file("strong", "0123456789abcdef0123456789abcdef\n"), file("weak", &"a".repeat(64)));
    let data_dir = folder.path().display().to_string();
    let secret = "RECIPES_LEGACY_HS256_SECRET_FILE";
    let until = ("RECIPES_LEGACY_UNTIL", "2027-01-31");
    for (variables, named) in [
        (vec![(secret, strong.as_str())], "RECIPES_LEGACY_UNTIL"),
        (vec![(secret, &weak), until], "RECIPES_LEGACY_HS256_SECRET"),
        (vec![(secret, &strong), ("RECIPES_LEGACY_UNTIL", "soon")], "RECIPES_LEGACY_UNTIL"),
        (vec![(secret, &strong), ("RECIPES_LEGACY_UNTIL", "2027-02-30")], "RECIPES_LEGACY_UNTIL"),
        (vec![(secret, &strong), until, ("RECIPES_LEGACY_HS256_SECRET", "x")], "RECIPES_LEGACY_HS256_SECRET"),
        // Nothing is wrong with these: the next thing that is missing are the secrets of the service.
        (vec![(secret, &strong), until], "RECIPES_SECRETS_DIR"),
        (
            vec![(secret, &strong), ("RECIPES_LEGACY_UNTIL", "2027-01-31T12:00:00+09:00")],
            "RECIPES_SECRETS_DIR",
        ),
    ] {
        let mut all = vec![
            ("RECIPES_LISTEN", "127.0.0.1:0"),
            ("RECIPES_OPS_LISTEN", "127.0.0.1:0"),
            ("RECIPES_DATA_DIR", &data_dir),
            ("RUST_LOG", "off"),
        ];
        all.extend(variables);

        let output = program(&[], &all);

        assert_eq!(output.status.code(), Some(78), "{}", said(&output));
        assert!(said(&output).contains(named), "{named}: {}", said(&output));
        assert!(!said(&output).contains("0123456789abcdef"), "{}", said(&output));
    }
}

#[test]
fn an_unknown_flag_or_command_is_refused() {
    for arguments in [&["--no-such-flag"][..], &["sing"], &["serve", "x"]] {
        assert_eq!(program(arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let data_dir = folder.path().display().to_string();

    let output = program(
        &["serve"],
        &[("RECIPES_LISTEN", &taken), ("RECIPES_DATA_DIR", &data_dir), ("RUST_LOG", "off")],
    );

    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("RECIPES_LISTEN") && said(&output).contains(&taken), "{}", said(&output));
}

#[test]
fn every_variable_is_documented() {
    let output = program(&["--help"], &[]);
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    for variable in [
        "LISTEN",
        "OPS_LISTEN",
        "DATA_DIR",
        "DATABASE_URL",
        "DATABASE_POOL",
        "SECRETS_DIR",
        "REDIS_URL",
        "REDIS_PREFIX",
        "ISSUER",
        "AUDIENCE",
        "JWKS_URL",
        "FEED_URL",
        "LEEWAY",
        "STALE_AFTER",
        "BLIND_AFTER",
        "PUBLIC_URL",
        "LEGACY_TOKEN_HEADER",
        "LEGACY_HS256_SECRET",
        "LEGACY_ISSUER",
        "LEGACY_UNTIL",
        "WORKERS",
        "TRUSTED_PROXIES",
        "CORS_ORIGINS",
        "HEAD_TIMEOUT",
        "BODY_TIMEOUT",
        "SEND_TIMEOUT",
        "IDLE_TIMEOUT",
        "CONNECTIONS",
    ] {
        assert!(help.contains(&format!("RECIPES_{variable}")), "RECIPES_{variable} is not in --help");
    }
    assert!(help.contains("LOG_FORMAT") && help.contains("RUST_LOG"));
}
