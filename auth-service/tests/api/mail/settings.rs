//! What an operator says of mails.

use std::process::{Command, Output};

fn run(variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("no temporary folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    program.args(["keys", "list"]).env_clear().env("AUTH_DATA_DIR", folder.path());
    program.envs(variables.iter().copied()).output().expect("the program cannot be run")
}

#[test]
fn a_bad_value_stops_the_start_naming_its_variable() {
    let from = ("AUTH_MAIL_FROM", "no-reply@example.org");
    for (variables, named) in [
        (vec![("AUTH_SMTP_URL", "https://user:gochujang-42@example.org"), from], "AUTH_SMTP_URL"),
        (vec![("AUTH_SMTP_URL", "smtp://user:gochujang-42@example.org?tls=none"), from], "AUTH_SMTP_URL"),
        (vec![("AUTH_SMTP_URL", "smtps://user:gochujang-42@example.org")], "AUTH_MAIL_FROM"),
        (vec![("AUTH_MAIL_FROM", "nobody")], "AUTH_MAIL_FROM"),
        (
            vec![("AUTH_SMTP_URL", "smtps://example.org"), ("AUTH_SMTP_CA", "/nowhere.pem"), from],
            "AUTH_SMTP_CA",
        ),
        (vec![("AUTH_SMTP_URL_FILE", "/nowhere"), from], "AUTH_SMTP_URL_FILE"),
        (vec![("AUTH_PUBLIC_URL", "auth.example.org")], "AUTH_PUBLIC_URL"),
    ] {
        let output = run(&variables);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("not UTF-8");
        assert_eq!(output.status.code(), Some(78), "{variables:?}: {said}");
        assert!(said.contains(named) && !said.contains("gochujang"), "{said}");
    }
}

#[test]
fn the_address_of_the_server_can_come_from_a_file() {
    let folder = tempfile::tempdir().expect("no temporary folder");
    let file = folder.path().join("smtp_url");
    std::fs::write(&file, "smtps://user:gochujang-42@example.org\n").unwrap();
    let output = run(&[("AUTH_SMTP_URL_FILE", file.to_str().unwrap()), ("AUTH_MAIL_FROM", "a@example.org")]);
    assert!(output.status.success(), "{output:?}");
}
