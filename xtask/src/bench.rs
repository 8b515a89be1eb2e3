//! `cargo xtask bench` and `drill`: builds the services as they are shipped, and measures or tries them.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{install, workspace};

/// Runs the program `bench` with these arguments.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    if let [first, others @ ..] = arguments
        && first == "import"
    {
        return import(others);
    }
    install::what_is_missing()?;
    let bench = build()?;
    let status = Command::new(&bench).args(arguments).status();
    let status = status.with_context(|| format!("cannot run {}", bench.display()))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Imports the pages of a folder. It needs none of the services, so none is built.
fn import(arguments: &[String]) -> Result<ExitCode> {
    let run = ["run", "--locked", "--profile", "dist", "-p", "importer", "--example", "corpus", "--"];
    let status = workspace::cargo(&run).args(arguments).status().context("cannot run cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds it together with what it runs, in one folder, and answers where it is.
fn build() -> Result<PathBuf> {
    let packages = ["-p", "auth-service", "-p", "recipe-service", "-p", "bench"];
    let mut cargo = workspace::cargo(&["build", "--locked", "--profile", "dist"]);
    cargo.args(packages).arg("--message-format=json-render-diagnostics");
    let output = cargo.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    ensure!(output.status.success(), "the build failed");
    let messages = String::from_utf8(output.stdout)?;
    messages.lines().find_map(program).context("cargo says nothing of the program bench")
}

/// Where the program is, from one of cargo's messages (The Cargo Book, External tools).
fn program(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_ours = message["target"]["name"] == "bench" && message["target"]["kind"][0] == "bin";
    message["executable"].as_str().filter(|_| is_ours).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_from_other_artifacts() {
        let artifact = |name: &str| {
            format!(r#"{{"target":{{"name":"{name}","kind":["bin"]}},"executable":"/t/dist/{name}"}}"#)
        };
        assert_eq!(program(&artifact("bench")), Some(PathBuf::from("/t/dist/bench")));
        assert_eq!(program(&artifact("bench-server")), None);
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
