//! The command line as operators use it.

use std::process::{Command, Output};

fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_recipe-service"));
    program.args(arguments).env_clear().envs(variables.iter().copied()).output().expect("it cannot be run")
}

#[test]
fn config_says_every_setting_and_no_secret() {
    let url = ("RECIPES_DATABASE_URL", "postgres://recipes:sesame@db.example/recipes");
    let output = program(&["config"], &[url, ("RECIPES_STALE_AFTER", "4s")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for line in [
        "RECIPES_LISTEN=127.0.0.1:8082  (default)",
        "RECIPES_DATABASE_URL=postgres://db.example/recipes  (variable)",
        "RECIPES_STALE_AFTER=4s  (variable)",
    ] {
        assert!(text.lines().any(|present| present == line), "no {line} in:\n{text}");
    }
    assert!(!text.contains("sesame"), "{text}");
}

#[test]
fn exit_codes_tell_what_is_wrong() {
    for (arguments, variable, code) in [
        (&["config"][..], ("RECIPES_BLIND_AFTER", "soon"), 78),
        (&["config", "--nonsense"], ("RECIPES_WORKERS", "1"), 2),
        (&["healthcheck"], ("RECIPES_OPS_LISTEN", "127.0.0.1:1"), 1),
    ] {
        assert_eq!(program(arguments, &[variable]).status.code(), Some(code), "{arguments:?}");
    }
    let completions = program(&["completions", "bash"], &[]);
    assert!(String::from_utf8_lossy(&completions.stdout).contains("healthcheck"));
}
