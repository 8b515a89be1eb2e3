//! Flags and variables as one: `#[arg(long, env = "AUTH_LISTEN")]` in a clap struct whose fields are text.
//!
//! clap would exit with 2 for a bad value, which is for unknown flags; so values stay text here and the service's
//! `config` reads them. An argument with `hide_env_values` is a secret, and can come from `{NAME}_FILE`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, Parser};

use super::{BadValue, EXIT_BAD_VALUE, Variables, find_unknown};

/// Why a program does not start.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// An unknown flag or command; or no refusal at all but `--help`.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    #[error(transparent)]
    Value(#[from] BadValue),
}

impl Refused {
    /// Tells the user, and with which code to exit: 0 after `--help`, 2 for usage, 78 for a value.
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Usage(error) => {
                // Where nobody reads standard error there is nobody to tell.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
            Self::Value(error) => {
                eprintln!("{error}");
                ExitCode::from(EXIT_BAD_VALUE)
            }
        }
    }
}

/// Reads flags, then variables, then defaults. `args` begin with the program's name.
pub fn parse<T: Parser>(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    variables: &Variables,
) -> Result<T, Refused> {
    Ok(T::from_arg_matches(&matches::<T>(args, variables)?)?)
}

/// What was given and what is set, before anything is made of it.
pub(super) fn matches<T: Parser>(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    variables: &Variables,
) -> Result<ArgMatches, Refused> {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let mut bad = Vec::new();
    let command = with_values(T::command(), variables, &mut bad);
    let matches = command.try_get_matches_from(&args).map_err(|error| {
        // Help comes from the command as it was declared: in the other one, defaults are the values of variables.
        T::command().try_get_matches_from(&args).err().unwrap_or(error)
    })?;
    match bad.pop() {
        Some(bad) => Err(bad.into()),
        None => Ok(matches),
    }
}

/// Gives every argument of the command and its subcommands the value of its variable as its default.
fn with_values(command: Command, variables: &Variables, bad: &mut Vec<BadValue>) -> Command {
    let command = command.mut_args(|arg| match value(&arg, variables) {
        Ok(Some(value)) => arg.env(None::<&'static str>).default_value(value),
        Ok(None) => arg.env(None::<&'static str>),
        Err(error) => {
            bad.push(error);
            arg
        }
    });
    command.mut_subcommands(|command| with_values(command, variables, bad))
}

fn value(arg: &Arg, variables: &Variables) -> Result<Option<String>, BadValue> {
    let Some(name) = arg.get_env().and_then(|name| name.to_str()) else { return Ok(None) };
    if arg.is_hide_env_values_set() {
        return variables.secret(name);
    }
    Ok(variables.get(name)?.map(str::to_owned))
}

/// Logs a warning for every variable with this prefix that no argument of `T` reads.
pub fn warn_of_unknown<T: Parser>(prefix: &str, variables: &Variables) {
    let mut known = Vec::new();
    collect_names(&T::command(), &mut known);
    for unknown in find_unknown(prefix, &known, variables) {
        match unknown.nearest {
            Some(nearest) => log::warn!("{} is not a setting; did you mean {nearest}?", unknown.variable),
            None => log::warn!("{} is not a setting", unknown.variable),
        }
    }
}

fn collect_names(command: &Command, known: &mut Vec<String>) {
    for arg in command.get_arguments() {
        let Some(name) = arg.get_env().and_then(|name| name.to_str()) else { continue };
        known.push(name.to_owned());
        if arg.is_hide_env_values_set() {
            known.push(format!("{name}_FILE"));
        }
    }
    command.get_subcommands().for_each(|command| collect_names(command, known));
}
