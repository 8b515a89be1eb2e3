//! `cargo xtask test`: every test, on servers that exist only for them.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use throwaway::{Postgres, Redis};

use crate::{install, workspace};

/// Runs `cargo test` with these arguments, or on the whole workspace where they name no package.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    install::what_is_missing()?;
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    println!("Throwaway servers: {} and {}", postgres.url(), redis.url());
    let mut runner = runner(arguments);
    runner.env("JIPBAP_TEST_POSTGRES_URL", postgres.url());
    runner.env("JIPBAP_TEST_REDIS_URL", redis.url());
    watch(&mut runner)
}

fn runner(arguments: &[String]) -> Command {
    // Without --no-fail-fast, cargo leaves out every later test binary after a failure.
    let mut runner = workspace::cargo(&["test", "--locked", "--no-fail-fast"]);
    if !names_a_package(arguments) {
        runner.arg("--workspace");
    }
    runner.args(arguments);
    runner
}

fn names_a_package(arguments: &[String]) -> bool {
    let ours = arguments.iter().take_while(|argument| *argument != "--");
    ours.into_iter()
        .any(|argument| ["-p", "--package", "--workspace"].iter().any(|option| argument.starts_with(option)))
}

/// Passes the runner's output and exit code on; the last line sums up.
fn watch(runner: &mut Command) -> Result<ExitCode> {
    let mut running = runner.stdout(Stdio::piped()).spawn().context("cannot run cargo")?;
    let mut total = Total::default();
    for line in BufReader::new(running.stdout.take().expect("BUG: standard output is piped")).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        total.add(&line);
    }
    let status = running.wait()?;
    println!("{total}");
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The sum of the `test result:` lines of all test binaries.
#[derive(Default)]
struct Total {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Total {
    fn add(&mut self, line: &str) {
        let Some((_, result)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for (number, word) in result.split("; ").filter_map(|part| part.split_once(' ')) {
            let number = number.parse().unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, ignored } = self;
        write!(f, "{passed} passed, {failed} failed, {ignored} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_sums_the_results_of_all_binaries() {
        let mut total = Total::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.67s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 12.00s",
        ] {
            total.add(line);
        }
        assert_eq!(total.to_string(), "7 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn a_package_after_the_dashes_is_the_test_binarys_business() {
        let named = |arguments: &[&str]| {
            names_a_package(&arguments.iter().map(|a| a.to_string()).collect::<Vec<_>>())
        };
        assert!(named(&["-p", "common"]) && named(&["--package=common"]) && named(&["-pcommon"]));
        assert!(!named(&["refresh", "--", "-p"]) && !named(&[]));
    }
}
