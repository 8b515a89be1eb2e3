//! `cargo xtask test`: every test, on servers that exist only for them.

use std::collections::BTreeMap;
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

/// Passes the runner's output and exit code on. At the end stands what failed, by name; the last line sums up.
fn watch(runner: &mut Command) -> Result<ExitCode> {
    let mut running = runner.stdout(Stdio::piped()).spawn().context("cannot run cargo")?;
    let (mut total, mut failures) = (Total::default(), Failures::default());
    for line in BufReader::new(running.stdout.take().expect("BUG: standard output is piped")).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        total.add(&line);
        failures.add(&line);
    }
    let status = running.wait()?;
    print!("{failures}");
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

/// The tests that failed, of all test binaries, each with what it said when it panicked.
#[derive(Default)]
struct Failures {
    failed: Vec<Failure>,
    panicked: BTreeMap<String, Vec<String>>,
    place: Place,
}

struct Failure {
    name: String,
    said: Vec<String>,
}

/// Where in the output of a test binary a line stands: after `---- NAME stdout ----` comes what a failed test printed, and
/// after the second `failures:` the names of all that failed.
#[derive(Default)]
enum Place {
    #[default]
    Elsewhere,
    Output(String),
    Names,
}

impl Failures {
    /// Lines of a panic that are kept: enough for where, what, and both sides of a comparison.
    const KEPT: usize = 4;

    fn add(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            self.place = Place::Output(name.to_owned());
        } else if line == "failures:" {
            self.place = Place::Names;
        } else if line.starts_with("test result: ") {
            (self.place, self.panicked) = (Place::Elsewhere, BTreeMap::new());
        } else {
            self.add_text(line);
        }
    }

    fn add_text(&mut self, line: &str) {
        match &self.place {
            Place::Elsewhere => {}
            Place::Output(name) => {
                let said = self.panicked.entry(name.clone()).or_default();
                if (line.contains("panicked at") || !said.is_empty()) && said.len() < Self::KEPT {
                    said.push(line.to_owned());
                }
            }
            Place::Names => match line.strip_prefix("    ") {
                Some(name) => {
                    let said = self.panicked.remove(name).unwrap_or_default();
                    self.failed.push(Failure { name: name.to_owned(), said });
                }
                None => self.place = Place::Elsewhere,
            },
        }
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.failed.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nFailed tests:")?;
        for Failure { name, said } in &self.failed {
            writeln!(f, "  {name}")?;
            for line in said.iter().filter(|line| !line.is_empty()) {
                writeln!(f, "      {line}")?;
            }
        }
        Ok(())
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
    fn what_failed_is_told_by_name_with_what_it_said() {
        let output = "running 3 tests\n\
            test sessions::ends ... FAILED\n\
            test sessions::goes_on ... ok\n\
            \n\
            failures:\n\
            \n\
            ---- sessions::ends stdout ----\n\
            the server says much\n\
            \n\
            thread 'sessions::ends' (7) panicked at tests/api/sessions.rs:3:5:\n\
            assertion `left == right` failed\n\
            \x20 left: 200\n\
            \x20right: 401\n\
            note: run with `RUST_BACKTRACE=1`\n\
            \n\
            \n\
            failures:\n\
            \x20   sessions::ends\n\
            \n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            \x20   Running unittests src/lib.rs";
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.add(line));
        assert_eq!(
            failures.to_string(),
            "\nFailed tests:\n\
             \x20 sessions::ends\n\
             \x20     thread 'sessions::ends' (7) panicked at tests/api/sessions.rs:3:5:\n\
             \x20     assertion `left == right` failed\n\
             \x20       left: 200\n\
             \x20      right: 401\n"
        );
        assert_eq!(Failures::default().to_string(), "");
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
