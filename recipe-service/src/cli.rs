//! The command line.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use common::clock::Clock;
use common::http_client;
use common::settings::{self, BadValue, EXIT_BAD_VALUE, Variables};
use common::web::logging::LogFlags;
use common::web::{Shutdown, document};

use crate::app::{self, App};
use crate::config::{Flags, Settings};
use crate::http;

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
        Command::Migrate => app::migrate(&app::open(&settings)?).await,
        Command::Healthcheck => healthcheck(&settings.ops_listen).await,
        Command::Openapi => openapi(&settings),
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals().context("signals cannot be heard")?;
    App::build(settings, Clock::system()).await?.run(shutdown).await
}

async fn healthcheck(ops_listen: &str) -> anyhow::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(3);
    let address = ops_listen.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    let address = address.ok_or_else(|| BadValue::new("RECIPES_OPS_LISTEN", "is not an address"))?;
    let url = format!("http://{}/readyz", reachable(address));
    http_client::fetch(http_client::client(PATIENCE).get(url), 64 * 1024).await.context("not ready")?;
    Ok(())
}

/// A server that listens everywhere is asked on this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn openapi(settings: &Settings) -> anyhow::Result<()> {
    let document = document(&app::about(settings.public_url.as_str()), http::routes);
    println!("{}", document.to_pretty_json().context("the document cannot be written")?);
    Ok(())
}
