//! The service as a whole: built, bound, then run.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use anyhow::Context;
use common::clock::Clock;
use common::db::{
    Db, DbSettings, Dialect, EmbeddedMigrations, FileLock, Migrations, diesel_migrations, embed_migrations,
    lock_database,
};
use common::settings::BadValue;
use common::token::{Audience, Verifier};
use common::web::auth::Door;
use common::web::{self, About, Address, BindError, CursorSealer, Health, Server, Shutdown, Site, Unhealthy};

use crate::config::Settings;
use crate::error::OWN;
use crate::http;
use crate::http::cookies::Cookies;
use crate::http::logout::LogoutVerifiers;
use crate::service::background::Background;
use crate::service::lane::State as LaneState;
use crate::service::restored::RestoredError;
use crate::service::secrets::SecretsError;
use crate::service::{Auth, StartError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/auth/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/auth/sqlite");

/// Until when an expired token still ends its own session: who comes back after a week logs out, too.
const LOGOUT_GRACE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Bound, with everything opened, but not serving yet.
pub struct App {
    server: Server,
    site: Site,
    workers: usize,
    db: Db,
    // What runs beside the requests stops when it is dropped.
    _background: Background,
    _file: Option<FileLock>,
}

impl App {
    /// Binds both listeners, opens the database, brings its tables up to date, and opens secrets and keys.
    ///
    /// # Errors
    /// One line that says what is in the way; a [`BadValue`] where a setting is.
    pub async fn build(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let server = bind(&settings)?;
        let db = open(&settings)?;
        let file = lock_database(&settings.database_url)?;
        migrate(&db).await?;
        let (workers, mut background) = (settings.workers, Background::default());
        let auth = start(settings, db.clone(), clock.clone(), &mut background).await?;
        auth.keep_keys(&mut background);
        auth.keep_posting(&mut background);
        auth.keep_purging(&mut background);
        let site = site(&auth, db.clone(), clock);
        Ok(Self { server, site, workers, db, _background: background, _file: file })
    }

    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    pub fn ops_addr(&self) -> SocketAddr {
        self.server.ops_addr()
    }

    /// Serves until the shutdown is requested and what was accepted is answered.
    ///
    /// # Errors
    /// A worker cannot be started.
    pub async fn run(self, shutdown: Shutdown) -> anyhow::Result<()> {
        let name = env!("CARGO_PKG_NAME");
        log::info!(addr:% = self.addr(), ops_addr:% = self.ops_addr(); "{name} listens");
        let served = self.server.run(self.site, self.workers, shutdown).await;
        self.db.close();
        served.context("cannot serve")
    }
}

/// Opens the database of these settings.
///
/// # Errors
/// Names the variable.
pub fn open(settings: &Settings) -> Result<Db, BadValue> {
    let opened = Db::open(DbSettings {
        url: settings.database_url.clone(),
        pool: settings.database_pool,
        // A logout that was acknowledged must not be lost with the power.
        synchronous_full: true,
        name: "auth".into(),
    });
    opened.map_err(|error| BadValue::new("AUTH_DATABASE_URL", described(&error)))
}

/// Brings the tables up to date.
///
/// # Errors
/// The database does not answer, or a migration fails.
pub async fn migrate(db: &Db) -> anyhow::Result<Vec<String>> {
    let ran = db.migrate(Migrations { postgres: POSTGRES, sqlite: SQLITE }).await;
    ran.context("AUTH_DATABASE_URL: the tables could not be brought up to date")
}

/// Starts the service without its listeners.
///
/// # Errors
/// A [`BadValue`] where a secret or Redis is not as it must be.
pub async fn start(
    settings: Settings,
    db: Db,
    clock: Clock,
    background: &mut Background,
) -> anyhow::Result<Auth> {
    Auth::start(settings, db, clock, background).await.map_err(|error| match error {
        StartError::Secrets(SecretsError::Database(error)) => error.into(),
        StartError::Secrets(error) => BadValue::new("AUTH_SECRETS_DIR", error.to_string()).into(),
        StartError::Redis(_) | StartError::Evicting(_) => {
            BadValue::new("AUTH_REDIS_URL", error.to_string()).into()
        }
        StartError::Mail(_) => BadValue::new("AUTH_SMTP_URL", error.to_string()).into(),
        StartError::Keys(error) => error.into(),
    })
}

/// Why no new life of the signing keys began: a [`BadValue`] where a secret is not as it must be.
pub fn not_restored(error: RestoredError) -> anyhow::Error {
    match error {
        RestoredError::Secrets(SecretsError::Database(error)) => error.into(),
        RestoredError::Secrets(error) => BadValue::new("AUTH_SECRETS_DIR", error.to_string()).into(),
        RestoredError::Keys(_) | RestoredError::ClockBehind | RestoredError::Database(_) => error.into(),
    }
}

/// Asks the server of these settings whether it is ready.
///
/// # Errors
/// It is not; a [`BadValue`] where its address is none.
pub async fn healthcheck(settings: &Settings) -> anyhow::Result<()> {
    web::healthcheck(ops_address(settings)).await.map_err(|error| match error {
        Unhealthy::NotAnAddress(value) => value.into(),
        Unhealthy::NotReady(_) => error.into(),
    })
}

/// Who the service is, for its OpenAPI document.
pub fn about(public_url: &str) -> About {
    About {
        name: env!("CARGO_PKG_NAME"),
        title: "Jipbap accounts",
        version: env!("CARGO_PKG_VERSION"),
        public_url: public_url.to_owned(),
        codes: OWN,
    }
}

fn bind(settings: &Settings) -> anyhow::Result<Server> {
    let public = Address { variable: "AUTH_LISTEN", value: settings.listen.clone() };
    Server::bind(public, ops_address(settings)).map_err(|error| match error {
        BindError::NotAnAddress(value) => value.into(),
        BindError::InUse(_) | BindError::Refused(..) => error.into(),
    })
}

fn ops_address(settings: &Settings) -> Address {
    Address { variable: "AUTH_OPS_LISTEN", value: settings.ops_listen.clone() }
}

/// An error with what it comes from, in one line.
fn described(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn site(auth: &Auth, db: Db, clock: Clock) -> Site {
    let settings = auth.settings();
    let own = verifier(auth, &clock, Audience::Named(settings.audience.clone()), Duration::ZERO);
    let door = Door::new(own, clock.clone()).confirmed_by(Arc::new(auth.clone()));
    let door = door.legacy_header(settings.legacy_token_header).public_url(&settings.public_url);
    let door = Data::new(door);
    let at_logout = Data::new(LogoutVerifiers {
        any_audience: verifier(auth, &clock, Audience::Any, Duration::ZERO),
        lately_expired: verifier(auth, &clock, Audience::Any, LOGOUT_GRACE),
    });
    let cursors = Data::new(CursorSealer::new(auth.cursor_secret().expose()));
    let cookies = Data::new(Cookies::of(settings));
    let shared = Data::new(auth.clone());
    let internal = shared.clone();
    Site::new(about(&settings.public_url), http::routes, health(auth, db, clock.clone()), clock)
        .edge(settings.edge.clone())
        .legacy_errors(settings.legacy_errors)
        .state(move |config| {
            config.app_data(shared.clone()).app_data(door.clone());
            config.app_data(at_logout.clone()).app_data(cursors.clone()).app_data(cookies.clone());
            config.configure(http::pages::routes);
        })
        .ops(move |config| {
            config.app_data(internal.clone()).configure(http::internal::routes);
        })
}

/// A verifier of this service's own tokens. Whether they were ended is asked of the database.
fn verifier(auth: &Auth, clock: &Clock, audience: Audience, grace: Duration) -> Verifier {
    Verifier::builder()
        .issuer(&auth.settings().issuer)
        .audience(audience)
        .keys(auth.verifying_keys())
        .revocations(auth.time())
        .leeway(auth.settings().leeway)
        .grace(grace)
        .seals(auth.seal_keys())
        .clock(clock.clone())
        .build()
}

fn health(auth: &Auth, db: Db, clock: Clock) -> Health {
    let health = Health::new(clock);
    let name = match db.dialect() {
        Dialect::Postgres => "postgres",
        Dialect::Sqlite => "sqlite",
    };
    health.probe(name, move || {
        let db = db.clone();
        async move { db.ping().await.map_err(|_| "unavailable") }
    });
    // Without its keys the service does not come this far.
    health.register("keys").ready();
    if auth.feed().redis().is_some() {
        let feed = auth.feed().clone();
        health.inform("redis", move || {
            let state = feed.redis().unwrap_or(LaneState::Away);
            async move { if state == LaneState::Up { Ok(()) } else { Err(state.name()) } }
        });
    }
    health
}
