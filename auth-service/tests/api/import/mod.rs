//! `users import`: accounts of another system, with hashes that it made.

mod file;
mod hashes;

use std::process::{Command, Output};

use testkit::TestStack;

/// Runs the program on these lines, beside the servers of a stack.
fn import(stack: &TestStack, lines: &str, arguments: &[&str]) -> Output {
    let file = tempfile::NamedTempFile::new().expect("no temporary file");
    std::fs::write(file.path(), lines).expect("the lines cannot be written");
    Command::new(env!("CARGO_BIN_EXE_auth-service"))
        .args(["users", "import"])
        .arg(file.path())
        .args(arguments)
        .env("AUTH_DATABASE_URL", stack.auth_database_url())
        .env("AUTH_SECRETS_DIR", stack.secrets_dir())
        .env("AUTH_ISSUER", "http://auth.test")
        .env("RUST_LOG", "warn")
        .output()
        .expect("the program cannot be run")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("")
}
