//! The command line.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use common::clock::Clock;
use common::settings::{self, BadValue, EXIT_BAD_VALUE, Variables};
use common::web::logging::LogFlags;
use common::web::{Shutdown, document};

use crate::app::{self, App};
use crate::config::{Flags, Settings};
use crate::http;
use crate::service::recipes::Recipes;

/// Keeps recipes and believes a token without asking anyone.
///
/// Every flag can be given as the variable that is named beside it; secrets as a file, too, by `…_FILE`.
#[derive(Parser)]
#[command(name = "recipe-service", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    flags: Flags,

    #[command(flatten)]
    log: LogFlags,
}

#[derive(Subcommand, Clone, Copy, Debug)]
enum Command {
    /// Serves; so does no command at all.
    Serve,
    /// Brings the tables up to date, and ends.
    Migrate,
    /// Asks the server on the ops listener whether it is ready.
    Healthcheck,
    /// Prints the OpenAPI document.
    Openapi,
}

/// Runs the program, and says with which code it ends: 0 done, 1 failed, 2 unknown flag or command, 78 a bad value.
pub fn main() -> ExitCode {
    common::install_crypto();
    let variables = Variables::of_process();
    let cli: Cli = match settings::parse(std::env::args_os(), &variables) {
        Ok(cli) => cli,
        Err(refused) => return refused.report(),
    };
    match start(cli, &variables) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("recipe-service: {error:#}");
            if error.is::<BadValue>() { ExitCode::from(EXIT_BAD_VALUE) } else { ExitCode::FAILURE }
        }
    }
}

fn start(cli: Cli, variables: &Variables) -> anyhow::Result<()> {
    cli.log.start()?;
    settings::warn_of_unknown::<Cli>("RECIPES_", variables);
    let settings = cli.flags.settings()?;
    actix_rt::System::new().block_on(run(cli.command.unwrap_or(Command::Serve), settings))
}

async fn run(command: Command, settings: Settings) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve(settings).await,
        Command::Migrate => migrate(&settings).await,
        Command::Healthcheck => app::healthcheck(&settings).await,
        Command::Openapi => openapi(&settings),
    }
}

async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let db = app::open(settings)?;
    app::migrate(&db).await?;
    Recipes::new(db, Clock::system()).index_stale().await.context("recipes could not be indexed")?;
    Ok(())
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals().context("signals cannot be heard")?;
    App::build(settings, Clock::system()).await?.run(shutdown).await
}

fn openapi(settings: &Settings) -> anyhow::Result<()> {
    let document = document(&app::about(settings.public_url.as_str()), http::routes);
    println!("{}", document.to_pretty_json().context("the document cannot be written")?);
    Ok(())
}
