//! The command line.

mod clients;
mod compose;
mod import;
mod keys;
mod restored;
mod sessions;
mod token;
mod users;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use common::clock::Clock;
use common::settings::{self, Output, Variables};
use common::web::logging::LogFlags;
use common::web::{Shutdown, document, run_program};
use serde_json::json;

use self::clients::Clients;
use self::keys::Keys;
use self::restored::Restored;
use self::sessions::Sessions;
use self::token::Token;
use self::users::Users;
use crate::app::{self, App};
use crate::config::{Flags, Settings};
use crate::service::Auth;
use crate::service::background::Background;
use crate::{http, service};

/// Signs people up, logs them in, rotates their refresh tokens and logs them out.
///
/// Every flag can be given as the variable that is named beside it; secrets as a file, too, by `…_FILE`.
///
/// Exit codes: 0 done, 1 failed, 2 unknown flag or command, 78 a bad value of a flag, a variable or a secret.
#[derive(Parser)]
#[command(name = "auth-service", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    flags: Flags,

    #[command(flatten)]
    log: LogFlags,
}

#[derive(Subcommand)]
enum Command {
    /// Serves; so does no command at all.
    Serve,
    /// Brings the tables up to date, says which migrations that took, and ends.
    Migrate(Output),
    /// Asks the server on the ops listener whether it is ready.
    Healthcheck,
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the settings that it would start with, where each comes from, and no secret.
    ///
    /// A value that would stop the start stops this too, with the same code. JSON is a list of
    /// {"variable", "value", "source"}.
    Config(Output),
    /// Prints a script that completes this command line in a shell.
    ///
    /// For bash: source <(auth-service completions bash)
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Makes all secrets in a folder, for both services and for compose; those that are there stay.
    Secrets {
        /// The folder, which is made if it is not there.
        dir: PathBuf,
    },
    /// Looks after the keys that tokens are signed with, beside a running server too.
    #[command(subcommand)]
    Keys(Keys),
    /// Looks after accounts, beside a running server too.
    #[command(subcommand)]
    Users(Users),
    /// Lists sessions and ends them, beside a running server too.
    #[command(subcommand)]
    Sessions(Sessions),
    /// Looks after the services that may call others, beside a running server too.
    #[command(subcommand)]
    Clients(Clients),
    /// Run this after the database was restored from a backup, before or while servers run: nothing from before counts.
    ///
    /// A backup does not know who logged out, was disabled or had a key revoked since it was made. So a new life of the
    /// signing keys begins: every key is revoked and new ones are made, every session ends, and every token of before is
    /// refused everywhere. Everybody logs in again. Services that follow the feed go on by themselves.
    ///
    /// All of it happens or nothing. Again is the same once more: it ends what was opened since, too.
    Restored(Restored),
    /// Says what a token contains, or makes one by hand, which asks no database and no server of ours; ends one.
    #[command(subcommand)]
    Token(Token),
}

/// Runs the program, and says with which code it ends.
pub fn main() -> ExitCode {
    run_program("auth-service", start)
}

fn start(cli: Cli, variables: Variables) -> anyhow::Result<()> {
    let _logging = cli.log.start()?;
    settings::warn_of_unknown::<Cli>("AUTH_", &variables);
    let settings = cli.flags.settings()?;
    actix_rt::System::new().block_on(run(cli.command.unwrap_or(Command::Serve), settings))
}

async fn run(command: Command, settings: Settings) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve(settings).await,
        Command::Migrate(output) => migrate(&settings, output).await,
        Command::Healthcheck => app::healthcheck(&settings).await,
        Command::Openapi => openapi(&settings),
        Command::Config(output) => config(output),
        Command::Completions { shell } => {
            completions(shell);
            Ok(())
        }
        Command::Secrets { dir } => secrets(&dir),
        Command::Keys(command) => beside(settings, async |auth| command.run(auth).await).await,
        Command::Users(command) => beside(settings, async |auth| command.run(auth).await).await,
        Command::Sessions(command) => beside(settings, async |auth| command.run(auth).await).await,
        Command::Clients(command) => beside(settings, async |auth| command.run(auth).await).await,
        Command::Restored(command) => command.run(&settings).await,
        Command::Token(command) => command.run(settings).await,
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals().context("signals cannot be heard")?;
    App::build(settings, Clock::system()).await?.run(shutdown).await
}

/// Uses the service without its listeners, with its tables up to date: servers may run meanwhile.
async fn beside(
    settings: Settings,
    act: impl AsyncFnOnce(&Auth) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let db = app::open(&settings)?;
    app::migrate(&db).await?;
    let mut background = Background::default();
    let auth = app::start(settings, db, Clock::system(), &mut background).await?;
    act(&auth).await
}

async fn migrate(settings: &Settings, output: Output) -> anyhow::Result<()> {
    let ran = app::migrate(&app::open(settings)?).await?;
    Ok(output.print(&json!({ "migrations": ran }), |_| settings::migrated(&ran))?)
}

fn openapi(settings: &Settings) -> anyhow::Result<()> {
    let document = document(&app::about(&settings.public_url), http::routes);
    println!("{}", document.to_pretty_json().context("the document cannot be written")?);
    Ok(())
}

fn secrets(dir: &Path) -> anyhow::Result<()> {
    service::secrets::create_all(dir)?;
    service::secrets::create_seal(dir)?;
    compose::create(&dir.join("compose"))?;
    println!("The secrets are in {}.", dir.display());
    Ok(())
}

fn config(output: Output) -> anyhow::Result<()> {
    let settings = settings::effective::<Cli>(std::env::args_os(), &Variables::of_process())?;
    Ok(output.print(&settings, |settings| settings::listed(settings))?)
}

fn completions(shell: clap_complete::Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "auth-service", &mut std::io::stdout());
}
