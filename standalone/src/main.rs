//! The program `jipbap`: both services in one process, on SQLite, with nothing to configure.
//!
//! It reads the same variables as the two services and has no flags of its own; what the two must agree on,
//! recipe-service takes from auth-service unless told otherwise.

mod tour;

use std::process::ExitCode;

use anyhow::Context;
use auth_service::app::App as Auth;
use auth_service::config::{Sealing, Settings as AuthSettings};
use clap::Parser;
use common::clock::Clock;
use common::settings::Variables;
use common::web::logging::LogFlags;
use common::web::{Shutdown, run_program};
use futures_util::future::try_join;
use recipe_service::{App as Recipes, Settings as RecipesSettings};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Both services in one process: auth-service, configured by AUTH_*, and recipe-service, by RECIPES_*.
///
/// `auth-service --help` and `recipe-service --help` explain the variables. Without any, everything is kept under ./data.
///
/// Exit codes: 0 done, 1 failed, 2 unknown flag, 78 a bad value of a flag, a variable or a secret.
#[derive(Parser)]
#[command(name = "jipbap", version)]
struct Cli {
    #[command(flatten)]
    log: LogFlags,
}

fn main() -> ExitCode {
    run_program("jipbap", start)
}

fn start(cli: Cli, variables: Variables) -> anyhow::Result<()> {
    let _logging = cli.log.start()?;
    actix_rt::System::new().block_on(serve(variables))
}

async fn serve(variables: Variables) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals().context("signals cannot be heard")?;
    let auth_settings = AuthSettings::from_variables(&variables)?;
    // It makes the secrets of both.
    let auth = Auth::build(auth_settings.clone(), Clock::system()).await?;
    let recipes_settings = RecipesSettings::from_variables(&agreed(variables, &auth_settings, &auth))?;
    let recipes = Recipes::build(recipes_settings, Clock::system()).await?;
    tour::print(auth.addr(), recipes.addr());
    try_join(auth.run(shutdown.clone()), recipes.run(shutdown)).await?;
    Ok(())
}

/// The variables, completed by what the two services must agree on.
fn agreed(variables: Variables, settings: &AuthSettings, auth: &Auth) -> Variables {
    let variables = variables
        .with_default("RECIPES_DATA_DIR", &settings.data_dir)
        .with_default("RECIPES_SECRETS_DIR", &settings.secrets_dir)
        .with_default("RECIPES_ISSUER", &settings.issuer)
        .with_default("RECIPES_JWKS_URL", format!("http://{}/.well-known/jwks.json", auth.addr()))
        .with_default("RECIPES_FEED_URL", format!("http://{}", auth.ops_addr()))
        .with_default("RECIPES_REDIS_PREFIX", &settings.redis_prefix);
    let variables = match settings.sealing {
        Sealing::Off => variables,
        Sealing::Opened | Sealing::On => variables.with_default("RECIPES_SEAL_TOKENS", "true"),
    };
    match &settings.redis_url {
        Some(url) => variables.with_default("RECIPES_REDIS_URL", url),
        None => variables,
    }
}
