//! Programs in Python that use our services as people who write Python do, with the packages that they use.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;

use throwaway::Python;

/// Runs `testkit/python/{program}` with these arguments, and answers what it printed.
///
/// Panics with what it said on its standard error where it fails.
#[expect(clippy::disallowed_methods, reason = "a test that waits for a program has nothing else to do")]
pub async fn python(program: &str, arguments: &[&str]) -> String {
    let mut command = command(program);
    command.args(arguments);
    let running = actix_rt::task::spawn_blocking(move || command.output());
    let output = running.await.expect("the task was stopped").expect("python does not run");
    assert!(output.status.success(), "{program} failed: {}", text(&output));
    String::from_utf8(output.stdout).expect("not UTF-8")
}

/// A command that runs `testkit/python/{program}`.
pub(crate) fn command(program: &str) -> Command {
    let mut command = shared().command();
    command.arg(format!("{}/python/{program}", env!("CARGO_MANIFEST_DIR")));
    command
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("\n")
}

/// The Python with all packages of `requirements.txt`, made by the first run that asks and kept in the target folder.
fn shared() -> &'static Python {
    static SHARED: LazyLock<Python> = LazyLock::new(|| {
        let requirements = include_str!("../python/requirements.txt");
        Python::with(requirements, &target()).unwrap_or_else(|error| panic!("no Python: {error:#}"))
    });
    &SHARED
}

/// The target folder that this test was built in: `target/debug/deps/test`.
pub(crate) fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the test is nowhere");
    test.ancestors().nth(3).expect("BUG: cargo builds tests three folders deep").to_owned()
}
