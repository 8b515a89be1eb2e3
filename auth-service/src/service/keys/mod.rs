//! The signing keys as this copy holds them: opened, published, and one of them signing.

mod pair;
mod seal;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use arc_swap::ArcSwap;
use common::db::{Db, DbError};
use common::ids::Uuid;
use common::keys::{KeySet, Keys};
use serde::Serialize;
use thiserror::Error;

pub use self::pair::KeyPair;
use super::background::Background;
use super::feed::Feed;
use super::secrets::Secrets;
use super::signer::{Signer, SigningKey};
use super::store::keys::{self as store, KeyState, SealedKey};
use super::store::secrets::epoch;
use crate::config::SigningAlg;

/// The signing keys of this copy. Clones share them.
#[derive(Clone)]
pub struct Keyring(Arc<Shared>);

struct Shared {
    db: Db,
    secrets: Secrets,
    signer: Signer,
    jwks: ArcSwap<Jwks>,
    verifying: Keys,
}

/// The JSON Web Key Set, as it is sent (RFC 7517 §5).
#[derive(Clone, Debug)]
pub struct Jwks {
    pub body: Bytes,
    /// What tells it from an earlier one.
    pub digest: String,
}

/// Why there is no key to sign with.
#[derive(Debug, Error)]
pub enum KeysError {
    #[error("the current signing key cannot be opened")]
    NoCurrent,
    #[error("a key could not be made")]
    Unmade,
    #[error(transparent)]
    Database(#[from] DbError),
}

/// A key that was opened.
struct OpenKey {
    state: KeyState,
    kid: String,
    pair: KeyPair,
}

#[derive(Serialize)]
struct Document<'a> {
    epoch: Uuid,
    keys: Vec<pair::Jwk<'a>>,
}

impl Keyring {
    /// Loads the keys, and makes the first two where there are none.
    ///
    /// # Errors
    /// No key to sign with.
    pub async fn open(
        db: Db,
        secrets: Secrets,
        offset_us: i64,
        alg: SigningAlg,
        lead: Duration,
    ) -> Result<Self, KeysError> {
        if db.read(store::published).await?.is_empty() {
            let (current, next) = (made(alg, &secrets)?, made(alg, &secrets)?);
            let lead_us = lead.as_micros() as i64;
            db.write(move |conn| store::insert_first(conn, offset_us, &current, &next, lead_us)).await?;
        }
        let (jwks, set, signing) = load(&db, &secrets).await?;
        if signing.alg() != alg {
            log::warn!("another signing algorithm takes effect with the next rotation of the keys");
        }
        let signer = Signer::new(signing);
        let (jwks, verifying) = (ArcSwap::from_pointee(jwks), Keys::held(set));
        Ok(Self(Arc::new(Shared { db, secrets, signer, jwks, verifying })))
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
        const PAUSE: Duration = Duration::from_millis(100);
        while let Err(error) = self.reload().await {
            log::error!(error:% = error; "the signing keys changed and could not be loaded: tried again");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Takes over the keys of the database: what is to be verified first, then what signs.
    async fn reload(&self) -> Result<(), KeysError> {
        let (jwks, set, signing) = load(&self.0.db, &self.0.secrets).await?;
        self.0.verifying.replace(set);
        self.0.jwks.store(Arc::new(jwks));
        self.0.signer.replace(signing);
        Ok(())
    }
}

fn made(alg: SigningAlg, secrets: &Secrets) -> Result<SealedKey, KeysError> {
    let (pair, private) = KeyPair::generate(alg).ok_or(KeysError::Unmade)?;
    let (master_version, master) = secrets.newest_master();
    let (kid, alg) = (pair.thumbprint(), alg.name().to_owned());
    let sealed = seal::seal(&master, &private, &kid, &alg);
    Ok(SealedKey { kid, alg, sealed, master_version })
}

async fn load(db: &Db, secrets: &Secrets) -> Result<(Jwks, KeySet, SigningKey), KeysError> {
    let (epoch, rows) = db.snapshot(|conn| Ok((epoch(conn)?, store::published(conn)?))).await?;
    let epoch = epoch.expect("BUG: the secrets were opened, which begins the first epoch").as_uuid();
    let keys: Vec<OpenKey> = rows.into_iter().filter_map(|(state, row)| open(state, row, secrets)).collect();
    let jwks = publish(epoch, &keys);
    let current = keys.into_iter().find(|key| key.state == KeyState::Current).ok_or(KeysError::NoCurrent)?;
    let set = KeySet::parse(&jwks.body).expect("BUG: our own keys are not accepted");
    Ok((jwks, set, SigningKey::new(current.kid, current.pair)))
}

/// Opens a row. One that cannot be opened is never published: whoever could only write to the database could else have a
/// key of their own believed.
fn open(state: KeyState, row: SealedKey, secrets: &Secrets) -> Option<OpenKey> {
    let SealedKey { kid, alg, sealed, master_version } = row;
    let pair = secrets
        .master(master_version)
        .and_then(|master| seal::open(&master, sealed, &kid, &alg))
        .and_then(|private| KeyPair::from_pkcs8(SigningAlg::named(&alg)?, &private))
        .filter(|pair| pair.thumbprint() == kid);
    if pair.is_none() {
        log::error!(kid; "a signing key cannot be opened: it is not published");
    }
    Some(OpenKey { state, kid, pair: pair? })
}

fn publish(epoch: Uuid, keys: &[OpenKey]) -> Jwks {
    let document = Document { epoch, keys: keys.iter().map(|key| key.pair.jwk(&key.kid)).collect() };
    let body = serde_json::to_vec(&document).expect("BUG: a key is not JSON");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &body);
    let digest = digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Jwks { body: body.into(), digest }
}
