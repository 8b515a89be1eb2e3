//! Two routes on `common` that answer the same, one of them behind `Auth`: what verification costs is their difference.
//!
//! Prints its address and a token that it believes, a line each, and ends with its standard input.

use std::io::Read;
use std::time::Duration;

use actix_web::get;
use actix_web::web::{self, Data};
use anyhow::Result;
use bench::issuer::{self, Issuer, hear, nothing_revoked};
use common::clock::Clock;
use common::revocations::Revocations;
use common::token::Verifier;
use common::web::auth::{Auth, Door};
use common::web::logging::{self, Format};
use common::web::{About, Address, Health, NoQuery, Operations, Server, Shutdown, Site};
use serde::Serialize;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const AUDIENCE: &str = "bench";

#[derive(Serialize, utoipa::ToSchema)]
struct Dish {
    name: &'static str,
    servings: u8,
}

const DISH: Dish = Dish { name: "김치찌개", servings: 2 };

#[utoipa::path(tag = "bench", security(()), responses((status = 200, body = Dish)))]
#[get("/open")]
async fn open(_: NoQuery) -> web::Json<Dish> {
    web::Json(DISH)
}

#[utoipa::path(tag = "bench", security(("bearerAuth" = [])), responses((status = 200, body = Dish)))]
#[get("/guarded")]
async fn guarded(_: Auth, _: NoQuery) -> web::Json<Dish> {
    web::Json(DISH)
}

#[actix_web::main]
async fn main() -> Result<()> {
    common::install_crypto();
    let _logging = logging::init(Format::Text, "info");
    let clock = Clock::system();
    let issuer = Issuer::generate();
    let revocations = always_fresh(&clock);
    let verifier = Verifier::builder()
        .issuer(issuer::NAME)
        .audience(AUDIENCE)
        .keys(issuer.keys())
        .revocations(revocations)
        .build();
    let door = Data::new(Door::new(verifier, clock.clone()));
    let server = Server::bind(anywhere(), anywhere())?;
    println!("{}\n{}", server.addr(), issuer.token(AUDIENCE, &clock));
    let shutdown = Shutdown::new();
    at_end_of_input(shutdown.clone());
    let cores = std::thread::available_parallelism()?.get();
    server.run(site(door, clock), cores, shutdown).await?;
    Ok(())
}

fn site(door: Data<Door>, clock: Clock) -> Site {
    let about = About {
        name: "bench-server",
        title: "Bench",
        version: env!("CARGO_PKG_VERSION"),
        public_url: "http://localhost".to_owned(),
        codes: &[],
    };
    Site::new(about, routes, Health::new(clock.clone()), clock).state(move |config| {
        config.app_data(door.clone());
    })
}

fn routes(operations: &mut Operations<'_>) {
    operations.service(open).service(guarded);
}

/// A copy that hears from its issuer every second.
fn always_fresh(clock: &Clock) -> Revocations {
    let revocations = nothing_revoked();
    hear(&revocations, clock);
    let (copy, clock) = (revocations.clone(), clock.clone());
    actix_rt::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            hear(&copy, &clock);
        }
    });
    revocations
}

fn anywhere() -> Address {
    Address { variable: "LISTEN", value: "127.0.0.1:0".to_owned() }
}

/// The driver holds the other end: however it ends, this server does too.
fn at_end_of_input(shutdown: Shutdown) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        shutdown.trigger();
    });
}
