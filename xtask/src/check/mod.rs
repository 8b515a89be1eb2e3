//! `cargo xtask check`: everything that holds for the whole workspace and is not a test.

mod cargo;
mod dependencies;
mod licenses;
mod migrations;
mod openapi;
mod reference;
mod rooms;
mod rust;
mod security_cases;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// A check fails with what is wrong, a line each.
type Check = fn(Mode) -> Result<()>;

/// What is done with the documents that are generated from the code.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Compare,
    Write,
}

/// The quick ones first.
const CHECKS: [(&str, Check); 10] = [
    ("what the rooms may name", rooms::check),
    ("migrations and their twins", migrations::check),
    ("docs/security-cases.md", security_cases::check),
    ("dependencies: licences, bans, sources", dependencies::check),
    ("the bare tree of common", dependencies::check_bare_common),
    ("format", cargo::format),
    ("lints", cargo::lints),
    ("documentation", cargo::documentation),
    ("docs/openapi-*.json", openapi::check),
    ("docs/configuration.md, docs/errors.md", reference::check),
];

/// Runs all checks, also after one has failed.
pub fn run(write: bool) -> Result<ExitCode> {
    let mode = if write { Mode::Write } else { Mode::Compare };
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        println!("check: {name}");
        if let Err(error) = check(mode) {
            println!("{error:#}\nFAILED: {name}\n");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("{} checks passed", CHECKS.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} of {} checks failed: {}", failed.len(), CHECKS.len(), failed.join("; "));
    Ok(ExitCode::FAILURE)
}

/// Fails with these problems, if there are any.
fn fail_with(problems: Vec<String>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}", problems.join("\n"))
}

/// Compares a generated document with the one in the repository, or writes it.
fn compare_or_write(mode: Mode, path: &str, generated: &str) -> Result<()> {
    if mode == Mode::Write {
        let file = crate::workspace::root().join(path);
        std::fs::create_dir_all(file.parent().expect("BUG: documents are in folders"))?;
        std::fs::write(file, generated)?;
        return Ok(());
    }
    match crate::workspace::read(path) {
        Ok(present) if present == generated => Ok(()),
        Ok(_) => bail!("{path} is not what the code says; `cargo xtask check --write` writes it"),
        Err(_) => bail!("{path} does not exist; `cargo xtask check --write` writes it"),
    }
}
