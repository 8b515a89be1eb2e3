use std::sync::Arc;

use common::clock::Clock;
use common::db::{Batched, Db};
use common::keys::Keys;
use common::revocations::Revocations;
use common::revocations::lane::LaneSettings;
use common::secrets::Secret;
use common::token::seal::SealKeys;
use redis::RedisError;
use thiserror::Error;

use super::Auth;
use super::actor::Actor;
use super::background::Background;
use super::feed::Feed;
use super::hashing::Hashing;
use super::keys::{Jwks, Keyring, KeysError};
use super::lane::{self, Publisher};
use super::limits::Limits;
use super::mail::Post;
use super::secrets::{Secrets, SecretsError};
use super::store::sessions::{self, Session, Step};
use crate::config::{Sealing, Settings};

/// Why the service cannot work.
#[derive(Debug, Error)]
pub enum StartError {
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The address of Redis. Its own words may hold a password.
    #[error("not an address of Redis: {}", .0.category())]
    Redis(#[from] RedisError),
    #[error(
        "Redis drops keys when its memory is full (maxmemory-policy {0}), which would let in what was ended: set noeviction"
    )]
    Evicting(String),
    #[error("mails cannot be sent over TLS: {0}")]
    Mail(#[from] lettre::transport::smtp::Error),
}

impl Auth {
    /// Opens secrets and keys on a database with its tables, and starts what runs beside the requests: on the present
    /// runtime, until `background` is dropped.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(
        settings: Settings,
        db: Db,
        clock: Clock,
        background: &mut Background,
    ) -> Result<Self, StartError> {
        let secrets = Secrets::open(&settings.secrets_dir, db.clone(), clock.clone()).await?;
        let keys = Keyring::open(db.clone(), secrets.clone(), clock.clone(), &settings).await?;
        let lane = lane_of(&settings);
        let publisher = match &lane {
            Some(lane) => Some(publisher(lane, &db, &clock, background).await?),
            None => None,
        };
        let time = database_time(&db, &clock).await?;
        let feed = Feed::start(db.clone(), clock.clone(), time.clone(), publisher, background);
        keys.follow(&feed, background);
        if let Some(lane) = lane {
            background.listen(lane::wake_on_news(lane, feed.clone()));
        }
        background.run(secrets.clone().keep_reading());
        let hashing =
            Hashing::start(secrets.clone(), clock.clone(), settings.bcrypt_cost, settings.hash_threads);
        let limits = Limits::start(&settings, clock.clone())?;
        let post = Post::new(&settings)?;
        let seals = match settings.sealing {
            Sealing::Off => None,
            Sealing::Opened | Sealing::On => Some(secrets.seal_keys().await?),
        };
        let signer = keys.signer().sealing(seals.clone().filter(|_| settings.sealing == Sealing::On));
        let settings = Arc::new(settings);
        let rotations = rotations(db.clone(), clock.clone());
        Ok(Self {
            db,
            clock,
            settings,
            secrets,
            keys,
            signer,
            feed,
            hashing,
            limits,
            rotations,
            post,
            time,
            seals,
            acting: Actor::Operator,
        })
    }

    /// What this service decides by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The feeds, for those who read them.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// What readers of the feed of revocations know themselves by.
    pub fn feed_secret(&self) -> &Secret {
        self.secrets.feed()
    }

    /// What readers of the feed of people know themselves by.
    pub fn people_secret(&self) -> &Secret {
        self.secrets.people()
    }

    /// The public keys, as they are published.
    pub fn jwks(&self) -> Arc<Jwks> {
        self.keys.jwks()
    }

    /// The public keys, for a verifier in this process.
    pub fn verifying_keys(&self) -> Keys {
        self.keys.verifying()
    }

    /// The database's time, for a verifier in this process: what was ended is asked of the database itself.
    pub fn time(&self) -> Revocations {
        self.time.clone()
    }

    /// What sealed tokens are opened with, for a verifier in this process; nothing where they are not.
    pub fn seal_keys(&self) -> Option<SealKeys> {
        self.seals.clone()
    }

    /// What the tokens of devices are made with. Another one makes every device unknown, which does no harm.
    pub(super) fn device_key(&self) -> Secret {
        self.secrets.newest_master().1.derive("device tokens")
    }

    /// What the places in lists are sealed with.
    pub fn cursor_secret(&self) -> Secret {
        self.secrets.newest_master().1
    }
}

/// Those that come together go on in one commit.
fn rotations(db: Db, clock: Clock) -> Batched<Step, Option<Session>> {
    Batched::writes(db, move |conn, steps| sessions::rotate_all(conn, clock.offset_us(), steps))
}

/// The database's time, heard before the first request comes: by its own clock, which may be wrong, this copy would refuse
/// what another has just signed.
async fn database_time(db: &Db, clock: &Clock) -> Result<Revocations, KeysError> {
    let (time, sent, offset_us) = (Revocations::asked_in_the_database(), clock.boot(), clock.offset_us());
    let now = db.read(move |conn| sessions::now(conn, offset_us)).await?;
    time.set_time(now.as_micros(), sent, clock.boot());
    Ok(time)
}

async fn publisher(
    lane: &LaneSettings,
    db: &Db,
    clock: &Clock,
    background: &mut Background,
) -> Result<Publisher, StartError> {
    // That Redis is away at the start is no reason to stay away as well.
    if let Ok(Some(policy)) = lane::evicting_policy(lane).await {
        return Err(StartError::Evicting(policy));
    }
    Ok(Publisher::start(lane, db.clone(), clock.clone(), background)?)
}

fn lane_of(settings: &Settings) -> Option<LaneSettings> {
    let prefix = settings.redis_prefix.clone();
    settings.redis_url.clone().map(|url| LaneSettings { url, prefix })
}
