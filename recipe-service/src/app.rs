//! The service as a whole: built, bound, then run.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web::Data;
use anyhow::Context;
use common::clock::Clock;
use common::db::{
    Db, DbSettings, Dialect, EmbeddedMigrations, FileLock, Migrations, embed_migrations, lock_database,
};
use common::issuer::{Issuer, IssuerSettings};
use common::revocations::Revocations;
use common::revocations::lane::LaneSettings;
use common::secrets::SecretFolder;
use common::settings::BadValue;
use common::token::seal::{SEAL, SealKeys};
use common::token::{LegacySettings, LegacyVerifier, Verifier};
use common::web::auth::{Door, Legacy, Scope};
use common::web::{self, About, Address, BindError, CursorSealer, Health, Server, Shutdown, Site, Unhealthy};

use crate::config::{LegacyTokens, Settings};
use crate::domain::image::Links;
use crate::egress::Egress;
use crate::error::OWN;
use crate::http;
use crate::http::legacy::KnownPeople;
use crate::http::scopes::{RecipesRead, RecipesWrite};
use crate::indexer::Indexer;
use crate::people::{Follower, FollowerSettings};
use crate::purger::Purger;
use crate::service::images::{Files, Images};
use crate::service::imports::{Fetches, Imports};
use crate::service::people::People;
use crate::service::recipes::Recipes;
use crate::service::secrets::{Secrets, SecretsError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/recipes/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/recipes/sqlite");

/// Bound, and following its issuer, but not serving yet.
pub struct App {
    server: Server,
    site: Site,
    workers: usize,
    db: Db,
    issuer: Issuer,
    // Whoever follows stops when it is dropped.
    _people: Follower,
    _index: Indexer,
    _purge: Purger,
    _file: Option<FileLock>,
}

impl App {
    /// Opens the database, brings its tables up to date, reads the secrets, and binds both listeners.
    ///
    /// # Errors
    /// One line that says what is in the way; a [`BadValue`] where a setting is.
    pub async fn build(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let server = bind(&settings)?;
        let db = open(&settings)?;
        let file = lock_database(&settings.database_url)?;
        migrate(&db).await?;
        let secrets = Secrets::open(&settings.secrets_dir, &db).await.map_err(unusable)?;
        let issuer = follow(&settings, &secrets, &clock);
        let people = People::new(db.clone(), clock.clone());
        let legacy = legacy(&settings, &issuer, &people, &clock);
        let people = Follower::start(FollowerSettings {
            urls: settings.feed_urls.clone(),
            secret: secrets.people.clone(),
            people,
            epochs: issuer.epochs(),
            clock: clock.clone(),
        });
        let recipes = Recipes::new(db.clone(), clock.clone()).at(Links::new(settings.public_url.as_str()));
        let images = Images::start(recipes.clone(), files(&settings)?);
        let index = Indexer::start(recipes.clone());
        let purge = Purger::start(recipes.clone(), images.clone(), clock.clone());
        let seals = seal_keys(&settings, &clock)?;
        let door = door(&settings, &issuer, seals, &clock).legacy(legacy);
        let health = health(db.clone(), &issuer, clock.clone());
        let site = site(&settings, recipes, images, health, &secrets, door, clock);
        Ok(Self {
            server,
            site,
            workers: settings.workers,
            db,
            issuer,
            _people: people,
            _index: index,
            _purge: purge,
            _file: file,
        })
    }

    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    pub fn ops_addr(&self) -> SocketAddr {
        self.server.ops_addr()
    }

    /// What it has heard of its issuer's revocations.
    pub fn revocations(&self) -> Revocations {
        self.issuer.revocations()
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
        // The last write may be lost with the power: a recipe that its author still sees can be sent again.
        synchronous_full: false,
        name: "recipes".into(),
    });
    opened.map_err(|error| BadValue::new("RECIPES_DATABASE_URL", error.to_string()))
}

/// Opens the files of images of these settings.
///
/// # Errors
/// Names the variable.
pub fn files(settings: &Settings) -> Result<Files, BadValue> {
    Files::open(&settings.images).map_err(|error| BadValue::new("RECIPES_IMAGES", error.to_string()))
}

/// Brings the tables up to date.
///
/// # Errors
/// The database does not answer, or a migration fails.
pub async fn migrate(db: &Db) -> anyhow::Result<Vec<String>> {
    let ran = db.migrate(Migrations { postgres: POSTGRES, sqlite: SQLITE }).await;
    ran.context("RECIPES_DATABASE_URL: the tables could not be brought up to date")
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
        title: "Jipbap recipes",
        version: env!("CARGO_PKG_VERSION"),
        public_url: public_url.trim_end_matches('/').to_owned(),
        codes: OWN,
    }
}

fn bind(settings: &Settings) -> anyhow::Result<Server> {
    let public = Address { variable: "RECIPES_LISTEN", value: settings.listen.clone() };
    Server::bind(public, ops_address(settings)).map_err(|error| match error {
        BindError::NotAnAddress(value) => value.into(),
        BindError::InUse(_) | BindError::Refused(..) => error.into(),
    })
}

fn ops_address(settings: &Settings) -> Address {
    Address { variable: "RECIPES_OPS_LISTEN", value: settings.ops_listen.clone() }
}

fn unusable(error: SecretsError) -> anyhow::Error {
    match error {
        SecretsError::Unusable(_) | SecretsError::Different(_) => {
            BadValue::new("RECIPES_SECRETS_DIR", error.to_string()).into()
        }
        SecretsError::Database(_) => error.into(),
    }
}

fn follow(settings: &Settings, secrets: &Secrets, clock: &Clock) -> Issuer {
    let prefix = settings.redis_prefix.clone();
    Issuer::follow(IssuerSettings {
        jwks_url: settings.jwks_url.clone(),
        feed_urls: settings.feed_urls.clone(),
        feed_secret: secrets.feed.clone(),
        stale_after: settings.stale_after,
        blind_after: settings.blind_after,
        clock: clock.clone(),
        lane: settings.redis_url.clone().map(|url| LaneSettings { url, prefix }),
    })
}

/// What sealed tokens are opened with, where they are.
fn seal_keys(settings: &Settings, clock: &Clock) -> Result<Option<SealKeys>, BadValue> {
    if !settings.seal_tokens {
        return Ok(None);
    }
    let folder = SecretFolder::open(&settings.secrets_dir.join(SEAL));
    let keys = folder.and_then(|folder| SealKeys::open(folder, clock.clone()));
    keys.map(Some).map_err(|error| BadValue::new("RECIPES_SECRETS_DIR", error.to_string()))
}

/// What of another issuer is believed, where anything is.
fn legacy(settings: &Settings, issuer: &Issuer, people: &People, clock: &Clock) -> Option<Legacy> {
    let LegacyTokens { secret, issuer: name, until } = settings.legacy.tokens.clone()?;
    if until <= clock.now() {
        log::warn!(
            "the time of another issuer's tokens is over: RECIPES_LEGACY_HS256_SECRET can be left out"
        );
    }
    let verifier = LegacyVerifier::new(LegacySettings {
        secret,
        issuer: name,
        audience: settings.audience.clone(),
        scope: [RecipesRead::NAME, RecipesWrite::NAME].join(" "),
        until,
        leeway: settings.leeway,
        revocations: issuer.revocations(),
        clock: clock.clone(),
    });
    let people = KnownPeople { people: people.clone(), blind_after: settings.blind_after };
    Some(Legacy { verifier, people: Arc::new(people) })
}

fn door(settings: &Settings, issuer: &Issuer, seals: Option<SealKeys>, clock: &Clock) -> Door {
    let verifier = Verifier::builder()
        .issuer(&settings.issuer)
        .audience(settings.audience.as_str())
        .keys(issuer.keys())
        .revocations(issuer.revocations())
        .leeway(settings.leeway)
        .seals(seals)
        .clock(clock.clone())
        .build();
    let door = Door::new(verifier, clock.clone()).legacy_header(settings.legacy.token_header);
    door.public_url(settings.public_url.as_str())
}

fn site(
    settings: &Settings,
    recipes: Recipes,
    images: Images,
    health: Health,
    secrets: &Secrets,
    door: Door,
    clock: Clock,
) -> Site {
    let door = Data::new(door);
    let cursors = Data::new(CursorSealer::new(secrets.cursor.expose()));
    let fetches =
        settings.web.clone().map(|web| Fetches::new(Egress::to(web), settings.fetch_limit, clock.clone()));
    let imports = Data::new(Imports::start(recipes.clone(), settings.workers, fetches));
    let (recipes, images) = (Data::new(recipes), Data::new(images));
    let about = about(settings.public_url.as_str());
    let site = Site::new(about, http::routes, health, clock);
    site.edge(settings.edge.clone()).legacy_errors(settings.legacy.errors).state(move |config| {
        config
            .app_data(door.clone())
            .app_data(cursors.clone())
            .app_data(recipes.clone())
            .app_data(images.clone())
            .app_data(imports.clone());
    })
}

fn health(db: Db, issuer: &Issuer, clock: Clock) -> Health {
    let health = Health::new(clock);
    let name = match db.dialect() {
        Dialect::Postgres => "postgres",
        Dialect::Sqlite => "sqlite",
    };
    health.probe(name, move || {
        let db = db.clone();
        async move { db.ping().await.map_err(|_| "unavailable") }
    });
    issuer.tell(&health);
    health
}
