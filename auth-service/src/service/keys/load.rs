use std::time::Duration;

use aws_lc_rs::digest;
use common::clock::Clock;
use common::db::Db;
use common::ids::Uuid;
use common::keys::KeySet;
use common::time::Instant;
use serde::Serialize;

use super::pair::{self, KeyPair};
use super::{Jwks, KeysError, seal, upkeep};
use crate::config::SigningAlg;
use crate::service::secrets::{Secrets, Version};
use crate::service::signer::SigningKey;
use crate::service::store::keys::{self as store, KeyRow, KeyState, SealedKey};
use crate::service::store::secrets::epoch;
use crate::service::store::sessions;

/// For how long a key that ceased to sign is believed here: who comes back after a week still logs out with a token of it.
const REMEMBERED: Duration = Duration::from_secs(8 * 24 * 3600);

/// The keys of the database, opened.
pub(super) struct Loaded {
    epoch: Uuid,
    pub now: Instant,
    pub keys: Vec<OpenKey>,
    /// The next key, whether it could be opened or not.
    pub next_row: Option<String>,
}

/// A key that was opened.
pub(super) struct OpenKey {
    pub state: KeyState,
    pub kid: String,
    pub signs_from: Instant,
    pub retired_at: Option<Instant>,
    pub pair: KeyPair,
}

#[derive(Serialize)]
struct Document<'a> {
    epoch: Uuid,
    keys: Vec<pair::Jwk<'a>>,
}

impl Loaded {
    pub async fn read(db: &Db, secrets: &Secrets, clock: &Clock) -> Result<Self, KeysError> {
        let (offset_us, remembered_us) = (clock.offset_us(), REMEMBERED.as_micros() as i64);
        let read = db.snapshot(move |conn| {
            let now = sessions::now(conn, offset_us)?;
            Ok((epoch(conn)?, now, store::held(conn, offset_us, remembered_us)?))
        });
        let (epoch, now, rows) = read.await?;
        let epoch = epoch.expect("BUG: the secrets were opened, which begins the first epoch").as_uuid();
        for row in &rows {
            let version = row.key.master_version;
            if let Version::Missing = secrets.find_master(version).await? {
                return Err(KeysError::MasterMissing(version));
            }
        }
        let next_row = rows.iter().find(|row| row.state == KeyState::Next).map(|row| row.key.kid.clone());
        let keys = rows.into_iter().filter_map(|row| open(row, secrets)).collect();
        Ok(Self { epoch, now, keys, next_row })
    }

    /// The key in this state, of which there is one at most.
    pub fn only(&self, state: KeyState) -> Option<&OpenKey> {
        self.keys.iter().find(|key| key.state == state)
    }

    /// The key that signs.
    pub fn current(&self) -> Result<&OpenKey, KeysError> {
        self.only(KeyState::Current).ok_or(KeysError::NoCurrent)
    }

    pub fn signs_since(&self) -> Result<i64, KeysError> {
        self.current().map(|key| key.signs_from.as_micros())
    }

    /// When something is next to be done, in µs of the database's time.
    pub fn due_at(&self) -> i64 {
        upkeep::due_at(self).as_micros()
    }

    /// What is published.
    pub fn jwks(&self) -> Jwks {
        let keys = self.keys.iter().filter(|key| key.state.is_published());
        self.document(keys)
    }

    /// What this service itself believes.
    pub fn verifying(&self) -> KeySet {
        let all = self.document(self.keys.iter());
        KeySet::parse(&all.body).expect("BUG: our own keys are not accepted")
    }

    pub fn into_signing(self) -> Result<SigningKey, KeysError> {
        let current = self.keys.into_iter().find(|key| key.state == KeyState::Current);
        current.map(|key| SigningKey::new(key.kid, key.pair)).ok_or(KeysError::NoCurrent)
    }

    fn document<'a>(&self, keys: impl Iterator<Item = &'a OpenKey>) -> Jwks {
        let keys = keys.map(|key| key.pair.jwk(&key.kid)).collect();
        let body = serde_json::to_vec(&Document { epoch: self.epoch, keys }).expect("BUG: a key is not JSON");
        let digest = digest::digest(&digest::SHA256, &body);
        let digest = digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Jwks { body: body.into(), digest }
    }
}

/// Opens a row. One that cannot be opened is never published: whoever could only write to the database could else have a
/// key of their own believed.
fn open(row: KeyRow, secrets: &Secrets) -> Option<OpenKey> {
    let KeyRow { key: SealedKey { kid, alg, sealed, master_version }, state, signs_from, retired_at, .. } =
        row;
    let pair = secrets
        .master(master_version)
        .and_then(|master| seal::open(&master, sealed, &kid, &alg))
        .and_then(|private| KeyPair::from_pkcs8(SigningAlg::named(&alg)?, &private))
        .filter(|pair| pair.thumbprint() == kid);
    if pair.is_none() {
        log::error!(kid; "a signing key cannot be opened: it is not published");
    }
    Some(OpenKey { state, kid, signs_from, retired_at, pair: pair? })
}
