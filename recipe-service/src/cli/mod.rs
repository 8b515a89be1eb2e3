//! The command line.

mod new_file;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use common::clock::Clock;
use common::progress::Progress;
use common::settings::{self, Output, Variables};
use common::web::logging::LogFlags;
use common::web::{Shutdown, document, run_program};
use serde_json::json;

use self::new_file::NewFile;
use crate::app::{self, App};
use crate::config::{Flags, Settings};
use crate::http;
use crate::service::recipes::{Exported, Recipes};

/// Keeps recipes and believes a token without asking anyone.
///
/// Every flag can be given as the variable that is named beside it; secrets as a file, too, by `…_FILE`.
///
/// Exit codes: 0 done, 1 failed, 2 unknown flag or command, 78 a bad value of a flag, a variable or a secret.
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

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Serves; so does no command at all.
    Serve,
    /// Brings the tables up to date, says which migrations that took, and ends.
    Migrate(Output),
    /// Asks the server on the ops listener whether it is ready.
    Healthcheck,
    /// Prints the OpenAPI document.
    Openapi,
    /// Writes all recipes of all people into a file: a backup.
    ///
    /// A zip of JSON-LD and images. The same recipes make the same bytes.
    Export {
        /// It is made, or written over once the new one is whole.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Reads a backup into a database that has no recipes yet, of either kind.
    Import {
        /// What `export` wrote.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Prints the settings that it would start with, where each comes from, and no secret.
    ///
    /// A value that would stop the start stops this too, with the same code. JSON is a list of
    /// {"variable", "value", "source"}.
    Config(Output),
    /// Prints a script that completes this command line in a shell.
    ///
    /// For bash: source <(recipe-service completions bash)
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the program, and says with which code it ends: 0 done, 1 failed, 2 unknown flag or command, 78 a bad value.
pub fn main() -> ExitCode {
    run_program("recipe-service", start)
}

fn start(cli: Cli, variables: Variables) -> anyhow::Result<()> {
    let _logging = cli.log.start()?;
    settings::warn_of_unknown::<Cli>("RECIPES_", &variables);
    let settings = cli.flags.settings()?;
    actix_rt::System::new().block_on(run(cli.command.unwrap_or(Command::Serve), settings))
}

async fn run(command: Command, settings: Settings) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve(settings).await,
        Command::Migrate(output) => migrate(&settings, output).await,
        Command::Healthcheck => app::healthcheck(&settings).await,
        Command::Openapi => openapi(&settings),
        Command::Export { file, output } => export(&settings, &file, output).await,
        Command::Import { file, output } => import(&settings, &file, output).await,
        Command::Config(output) => config(output),
        Command::Completions { shell } => {
            completions(shell);
            Ok(())
        }
    }
}

async fn migrate(settings: &Settings, output: Output) -> anyhow::Result<()> {
    let db = app::open(settings)?;
    let ran = app::migrate(&db).await?;
    Recipes::new(db, Clock::system()).index_stale().await.context("recipes could not be indexed")?;
    Ok(output.print(&json!({ "migrations": ran }), |_| settings::migrated(&ran))?)
}

async fn export(settings: &Settings, file: &Path, output: Output) -> anyhow::Result<()> {
    let db = app::open(settings)?;
    app::migrate(&db).await?;
    let (recipes, files) = (Recipes::new(db, Clock::system()), app::files(settings)?);
    let unwritten = || format!("{} cannot be written", file.display());
    let mut new = NewFile::begin(file).with_context(unwritten)?;
    let exported = recipes.export_all(&files, Progress::of("recipes"), &mut new).await;
    let Exported { recipes, bytes } = exported.context("the export came to nothing")?;
    new.keep().with_context(unwritten)?;
    let done = json!({ "recipes": recipes, "bytes": bytes });
    Ok(output.print(&done, |_| format!("{recipes} recipes were exported, {bytes} bytes"))?)
}

async fn import(settings: &Settings, file: &Path, output: Output) -> anyhow::Result<()> {
    let backup = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let db = app::open(settings)?;
    app::migrate(&db).await?;
    let (recipes, files) = (Recipes::new(db, Clock::system()), app::files(settings)?);
    let count = recipes.import_all(backup, &files, Progress::of("recipes")).await?;
    Ok(output.print(&json!({ "recipes": count }), |_| format!("{count} recipes were imported"))?)
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

fn config(output: Output) -> anyhow::Result<()> {
    let settings = settings::effective::<Cli>(std::env::args_os(), &Variables::of_process())?;
    Ok(output.print(&settings, |settings| settings::listed(settings))?)
}

fn completions(shell: clap_complete::Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "recipe-service", &mut std::io::stdout());
}
