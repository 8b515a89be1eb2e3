//! The command line as operators use it. What each command does to accounts and keys is tested with them.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    program.args(arguments).env_clear().envs(variables.iter().copied()).output().expect("it cannot be run")
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("not UTF-8")
}

#[test]
fn config_says_every_setting_and_no_secret() {
    let variables = [
        ("AUTH_DATABASE_URL", "postgres://auth:sesame@db.example/auth?password=sesame"),
        ("AUTH_REDIS_URL", "redis://auth:sesame@cache.example:6379/"),
        ("AUTH_ACCESS_TTL", "10m"),
    ];
    let text = printed(&program(&["config", "--leeway", "20s"], &variables));
    for line in [
        "AUTH_LISTEN=127.0.0.1:8081  (default)",
        "AUTH_DATABASE_URL=postgres://db.example/auth  (variable)",
        "AUTH_REDIS_URL=redis://cache.example:6379/  (variable)",
        "AUTH_ACCESS_TTL=10m  (variable)",
        "AUTH_LEEWAY=20s  (flag)",
    ] {
        assert!(text.lines().any(|present| present == line), "no {line} in:\n{text}");
    }
    assert!(!text.contains("sesame"), "{text}");

    let json: Value = serde_json::from_str(&printed(&program(&["config", "--json"], &variables))).unwrap();
    let ttl =
        json.as_array().unwrap().iter().find(|setting| setting["variable"] == "AUTH_ACCESS_TTL").unwrap();
    assert_eq!((ttl["value"].as_str(), ttl["source"].as_str()), (Some("10m"), Some("variable")));
    assert_eq!(json.as_array().unwrap().len(), text.lines().count());
}

#[test]
fn exit_codes_are_as_the_help_has_them() {
    let help = printed(&program(&["--help"], &[]));
    assert!(
        help.contains("Exit codes: 0 done, 1 failed, 2 unknown flag or command, 78 a bad value"),
        "{help}"
    );
    let codes = [
        (program(&["config"], &[("AUTH_ACCESS_TTL", "2h")]), 78, "AUTH_ACCESS_TTL"),
        (program(&["config", "--nonsense"], &[]), 2, "--nonsense"),
        (program(&["nonsense"], &[]), 2, "nonsense"),
        // Nobody listens there.
        (program(&["healthcheck"], &[("AUTH_OPS_LISTEN", "127.0.0.1:1")]), 1, "not ready"),
    ];
    for (output, code, named) in codes {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn shells_complete_every_command() {
    let help = printed(&program(&["--help"], &[]));
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let named =
        commands.lines().map_while(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names: Vec<&str> = named.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"serve") && names.contains(&"keys"), "{names:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(&program(&["completions", shell], &[]));
        for name in &names {
            assert!(script.contains(name), "{shell} does not complete {name}");
        }
    }
    // bash itself takes the script, and offers what begins so.
    let script = printed(&program(&["completions", "bash"], &[]));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("completions.bash");
    std::fs::write(&file, script).unwrap();
    let ask = r#"
        source "$1"
        function=$(complete -p auth-service | sed 's/.* -F \([^ ]*\) .*/\1/')
        COMP_WORDS=(auth-service ke) COMP_CWORD=1
        "$function" auth-service ke auth-service
        echo "${COMPREPLY[@]}""#;
    let bash = Command::new("bash").args(["-c", ask, "bash"]).arg(&file).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&bash.stdout).trim(), "keys");
}

#[test]
fn migrate_says_what_ran_to_people_and_to_programs() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().display().to_string();
    let migrate = |arguments: &[&str]| {
        printed(&program(
            &[&["migrate"], arguments].concat(),
            &[("AUTH_DATA_DIR", &data_dir), ("RUST_LOG", "off")],
        ))
    };
    let ran: Value = serde_json::from_str(&migrate(&["--json"])).unwrap();
    assert!(!ran["migrations"].as_array().unwrap().is_empty(), "{ran}");
    assert_eq!(migrate(&[]), "The tables are as they should be.\n");
    let nothing: Value = serde_json::from_str(&migrate(&["--json"])).unwrap();
    assert_eq!(nothing["migrations"].as_array().map(Vec::len), Some(0));
}

/// Who waits at a terminal sees how far it is; a log does not.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a program is found on the PATH, which is no setting of a service"
)]
fn progress_is_drawn_on_a_terminal_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let migrate = |name: &str, program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("PATH", &path).stdin(Stdio::null());
        let output = command.env("RUST_LOG", "off").env("AUTH_DATA_DIR", folder.path().join(name)).output();
        let output = output.expect("it cannot be run");
        assert!(output.status.success(), "{output:?}");
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("")
    };
    let own = env!("CARGO_BIN_EXE_auth-service");
    // It runs the command on a terminal of its own.
    let drawn = migrate("drawn", "script", &["-qec", &format!("{own} migrate"), "/dev/null"]);
    assert!(
        drawn.contains("migrations [##") && drawn.contains("100 %") && drawn.contains("migrations ran"),
        "{drawn:?}"
    );
    let piped = migrate("piped", own, &["migrate"]);
    assert!(!piped.contains('\r') && piped.contains("migrations ran"), "{piped:?}");
}

/// Whoever looks for help finds it at every command.
#[test]
fn every_command_has_help() {
    for command in [
        vec!["serve"],
        vec!["migrate"],
        vec!["healthcheck"],
        vec!["openapi"],
        vec!["config"],
        vec!["completions"],
        vec!["secrets"],
        vec!["keys", "rotate"],
        vec!["users", "promote"],
        vec!["users", "enable"],
        vec!["sessions", "list"],
        vec!["sessions", "end"],
        vec!["sessions", "end-all"],
        vec!["clients", "create"],
        vec!["token", "explain"],
    ] {
        let help = printed(&program(&[&command[..], &["--help"]].concat(), &[]));
        assert!(help.contains("Usage:") && help.len() > 100, "{command:?}: {help}");
    }
}
