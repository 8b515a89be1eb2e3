//! The signing keys as this copy holds them: opened, published, and one of them signing.

mod change;
mod load;
mod master;
mod pair;
mod seal;
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use actix_web::web::Bytes;
use arc_swap::ArcSwap;
use common::clock::Clock;
use common::db::{Db, DbError};
use common::keys::Keys;
use thiserror::Error;

pub use self::change::{KeyInfo, RevokedKey, RotatedKeys};
use self::load::Loaded;
pub use self::master::Resealed;
pub use self::pair::KeyPair;
use super::background::Background;
use super::feed::Feed;
use super::secrets::Secrets;
use super::signer::Signer;
use super::store::keys::{self as store, NewKey, SealedKey};
use crate::config::{Settings, SigningAlg};

/// The signing keys of this copy. Clones share them.
#[derive(Clone)]
pub struct Keyring(Arc<Shared>);

struct Shared {
    db: Db,
    clock: Clock,
    secrets: Secrets,
    /// Of the keys that are made from now on.
    alg: SigningAlg,
    lead: Duration,
    signer: Signer,
    jwks: ArcSwap<Jwks>,
    verifying: Keys,
    /// Since when the present key signs, and when something is next to be done, in µs of the database's time.
    signs_since: AtomicI64,
    due_at: AtomicI64,
}

/// The JSON Web Key Set, as it is sent (RFC 7517 §5).
#[derive(Clone, Debug)]
pub struct Jwks {
    pub body: Bytes,
    /// What tells it from an earlier one.
    pub digest: String,
}

/// Why the keys are not as they were to be.
#[derive(Debug, Error)]
pub enum KeysError {
    #[error("the current signing key cannot be opened")]
    NoCurrent,
    #[error("a key could not be made")]
    Unmade,
    /// Another copy has it: a key was sealed with it.
    #[error("master.{0} is in use and is missing here")]
    MasterMissing(u8),
    #[error("the next key has not been published for long enough: it may sign in {0:?}")]
    TooEarly(Duration),
    #[error("there is no such key")]
    Unknown,
    #[error("another copy changed the keys at the same time")]
    Contended,
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Keyring {
    /// Loads the keys, and makes the first two where there are none.
    ///
    /// # Errors
    /// No key to sign with.
    pub async fn open(
        db: Db,
        secrets: Secrets,
        clock: Clock,
        settings: &Settings,
    ) -> Result<Self, KeysError> {
        let (alg, lead) = (settings.signing_alg, settings.key_lead);
        if db.read(store::all).await?.is_empty() {
            let offset_us = clock.offset_us();
            let (current, next) = first_pair(settings, &secrets)?;
            db.write(move |conn| store::insert_first(conn, offset_us, &current, &next)).await?;
        }
        let loaded = Loaded::read(&db, &secrets, &clock).await?;
        let (jwks, set) = (loaded.jwks(), loaded.verifying());
        let (signs_since, due_at) = (loaded.signs_since()?.into(), loaded.due_at().into());
        let signer = Signer::new(loaded.into_signing()?);
        let (jwks, verifying) = (ArcSwap::from_pointee(jwks), Keys::held(set));
        let shared = Shared { db, clock, secrets, alg, lead, signer, jwks, verifying, signs_since, due_at };
        Ok(Self(Arc::new(shared)))
    }

    /// Loads the keys again whenever the feed says that they changed, until `background` is dropped.
    pub fn follow(&self, feed: &Feed, background: &mut Background) {
        let (keyring, mut changed) = (self.clone(), feed.keys_changed());
        background.run(async move {
            while changed.changed().await.is_ok() {
                keyring.reload_until_done().await;
            }
        });
    }

    pub fn signer(&self) -> Signer {
        self.0.signer.clone()
    }

    /// The public keys, for the verifier of this service.
    pub fn verifying(&self) -> Keys {
        self.0.verifying.clone()
    }

    pub fn jwks(&self) -> Arc<Jwks> {
        self.0.jwks.load_full()
    }

    async fn reload_until_done(&self) {
        const LONGEST_PAUSE: Duration = Duration::from_secs(5);
        let mut pause = Duration::from_millis(100);
        while let Err(error) = self.reload().await {
            log::error!(error:% = error; "the signing keys changed and could not be loaded: tried again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Takes over the keys of the database: what is to be verified first, then what signs.
    async fn reload(&self) -> Result<(), KeysError> {
        let loaded = Loaded::read(&self.0.db, &self.0.secrets, &self.0.clock).await?;
        let signs_since = loaded.signs_since()?;
        self.0.verifying.replace(loaded.verifying());
        self.0.jwks.store(Arc::new(loaded.jwks()));
        self.0.due_at.store(loaded.due_at(), Ordering::Relaxed);
        self.0.signs_since.store(signs_since, Ordering::Relaxed);
        self.0.signer.replace(loaded.into_signing()?);
        Ok(())
    }

    /// A key that is to be the next one.
    fn new_key(&self) -> Result<NewKey, KeysError> {
        new_key(self.0.alg, &self.0.secrets, self.0.lead)
    }
}

/// A key that signs at once, and one that is to sign after it.
pub(super) fn first_pair(settings: &Settings, secrets: &Secrets) -> Result<(SealedKey, NewKey), KeysError> {
    let alg = settings.signing_alg;
    Ok((made(alg, secrets)?, new_key(alg, secrets, settings.key_lead)?))
}

fn new_key(alg: SigningAlg, secrets: &Secrets, lead: Duration) -> Result<NewKey, KeysError> {
    Ok(NewKey { key: made(alg, secrets)?, lead_us: lead.as_micros() as i64 })
}

fn made(alg: SigningAlg, secrets: &Secrets) -> Result<SealedKey, KeysError> {
    let (pair, private) = KeyPair::generate(alg).ok_or(KeysError::Unmade)?;
    let (master_version, master) = secrets.newest_master();
    let (kid, alg) = (pair.thumbprint(), alg.name().to_owned());
    let sealed = seal::seal(&master, &private, &kid, &alg);
    Ok(SealedKey { kid, alg, sealed, master_version })
}
