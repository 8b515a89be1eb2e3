//! `auth-service token`: what a token says, and one that is made by hand.

mod encode;
mod explain;
mod logged;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What the program said.
struct Said {
    code: i32,
    out: String,
    err: String,
}

/// Runs `auth-service token …` with this on its standard input.
fn token_with(arguments: &[&str], input: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command.env_clear().arg("token").args(arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program cannot be started");
    child.stdin.take().expect("BUG: it is piped").write_all(input.as_bytes()).expect("not written");
    let output = child.wait_with_output().expect("it does not end");
    let text = |bytes| String::from_utf8(bytes).expect("not UTF-8");
    Said {
        code: output.status.code().expect("it was killed"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn token(arguments: &[&str]) -> Said {
    token_with(arguments, "")
}

/// A file with this in it.
struct File {
    folder: TempDir,
}

impl File {
    fn new(content: impl AsRef<[u8]>) -> Self {
        let file = Self { folder: tempfile::tempdir().expect("no folder") };
        fs::write(file.at(), content).expect("not written");
        file
    }

    fn at(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    fn path(&self) -> String {
        self.at().to_str().expect("not UTF-8").to_owned()
    }
}

/// The codes of the checks with this verdict, of `token explain --json`.
fn checks(said: &Said, verdict: &str) -> Vec<String> {
    let json: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}\n{}", said.out, said.err));
    let checks = json["checks"].as_array().expect("no checks");
    let of = checks.iter().filter(|check| check["verdict"] == verdict);
    of.map(|check| check["code"].as_str().expect("no code").to_owned()).collect()
}
