//! A third service, as an outsider writes one: it greets whoever has a token of auth-service for it.

use std::path::PathBuf;

use actix_web::get;
use actix_web::web::Data;
use common::clock::Clock;
use common::issuer::{Issuer, IssuerSettings};
use common::secrets::SecretFolder;
use common::settings::Variables;
use common::token::Verifier;
use common::web::auth::{Auth, Door};
use common::web::{About, Address, Health, NoQuery, Operations, Server, Shutdown, Site};

/// Where the world reaches it.
const PUBLIC_URL: &str = "http://localhost:8083";

/// Greets whoever is calling: the permission stands in the signature.
#[utoipa::path(responses((status = 200, body = String)))]
#[get("/hello")]
async fn hello(caller: Auth, _: NoQuery) -> String {
    format!("Hello, {}!\n", caller.subject())
}

fn routes(operations: &mut Operations<'_>) {
    operations.service(hello);
}

#[actix_rt::main]
async fn main() -> anyhow::Result<()> {
    common::install_crypto();
    let variables = Variables::of_process()
        .with_default("ISSUER", "http://localhost:8081")
        .with_default("JWKS_URL", "http://localhost:8081/.well-known/jwks.json")
        .with_default("FEED_URL", "http://localhost:9081")
        .with_default("SECRETS_DIR", "./data/secrets")
        .with_default("LISTEN", "127.0.0.1:8083");
    let setting = |name| Ok::<_, anyhow::Error>(variables.get(name)?.unwrap_or_default().to_owned());
    let (auth, jwks, feed) = (setting("ISSUER")?, setting("JWKS_URL")?, setting("FEED_URL")?);
    let secrets = PathBuf::from(setting("SECRETS_DIR")?);

    // These are the ten lines: whose tokens, what for, and where to hear of keys and revocations.
    let secret = SecretFolder::open(&secrets.join("feed"))?.read("feed")?;
    let issuer = Issuer::follow(IssuerSettings::new(&jwks, &feed, secret)?);
    let verifier = Verifier::builder()
        .issuer(auth)
        .audience("greeter")
        .keys(issuer.keys())
        .revocations(issuer.revocations())
        .build();
    let door = Data::new(Door::new(verifier, Clock::system()).public_url(PUBLIC_URL));

    // The rest is any actix-web application; `Site` gives it problems, request ids, health and documents.
    let about = About {
        name: "greeter",
        title: "Greeter",
        version: env!("CARGO_PKG_VERSION"),
        public_url: PUBLIC_URL.to_owned(),
        codes: &[],
    };
    let health = Health::new(Clock::system());
    issuer.tell(&health);
    let site = Site::new(about, routes, health, Clock::system()).state(move |config| {
        config.app_data(door.clone());
    });
    let server = Server::bind(
        Address { variable: "LISTEN", value: setting("LISTEN")? },
        Address { variable: "OPS_LISTEN", value: "127.0.0.1:0".to_owned() },
    )?;
    println!("greeter http://{} ops http://{}", server.addr(), server.ops_addr());
    Ok(server.run(site, 1, Shutdown::on_signals()?).await?)
}
