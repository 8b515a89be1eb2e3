use std::process::ExitCode;

use clap::Parser;

use crate::install_crypto;
use crate::settings::{self, BadValue, EXIT_BAD_VALUE, Variables};

/// Runs a program from its command line and variables, and says with which code it ends: 0 done, 1 failed, 2 unknown flag
/// or command, 78 a bad value. What stopped it is told on standard error, after its `name`.
pub fn run_program<C: Parser>(
    name: &str,
    start: impl FnOnce(C, Variables) -> anyhow::Result<()>,
) -> ExitCode {
    install_crypto();
    let variables = Variables::of_process();
    let cli = match settings::parse(std::env::args_os(), &variables) {
        Ok(cli) => cli,
        Err(refused) => return refused.report(),
    };
    match start(cli, variables) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            if error.is::<BadValue>() { ExitCode::from(EXIT_BAD_VALUE) } else { ExitCode::FAILURE }
        }
    }
}
