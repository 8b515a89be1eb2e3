//! What CI and people run by name, as `cargo xtask NAME`.

mod bench;
mod check;
mod install;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "What CI and people of this workspace run by name")]
enum Task {
    /// Run every test of the workspace on throwaway servers of Postgres and Redis
    ///
    /// On Debian it installs Postgres, Redis and nginx where they are missing. The exit code is that of the test runner.
    Test {
        /// Arguments for `cargo test`, such as `-p auth-service` or the name of a test
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every check that is not a test: format, lints, dependencies, documents, the rooms and what they may touch
    Check {
        /// Write the documents that are generated from the code, instead of comparing them
        #[arg(long)]
        write: bool,
    },
    /// Measure figures beside their limits, on optimised builds of the services
    Bench {
        /// Which figures (P1 P3 P4 P5, all unless some are named), --rounds N, --write to renew BENCHMARKS.md;
        /// or `ingredients FOLDER`: how many labelled lines are read right;
        /// or `import FOLDER`: how much of labelled pages is read right, and P12
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Carry out a drill in real time on optimised builds of the services, and print what was counted
    Drill {
        /// `rotation`: a minute of load while the signing keys rotate every five seconds; `opaque`: what it costs to ask
        /// about every token instead of reading it; `storms`: floods of log-ins and of tokens that are none
        name: String,
    },
}

fn main() -> Result<ExitCode> {
    match Task::parse() {
        Task::Test { arguments } => test::run(&arguments),
        Task::Check { write } => check::run(write),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::Drill { name } => bench::run(&["--drill".to_owned(), name]),
    }
}
