//! Another life of the signing keys, since the database was restored from a backup.
//!
//! A backup brings back what was ended since: sessions that were logged out, keys that were revoked. Nobody can tell which,
//! so nothing that was signed or opened before counts. Verifiers see the newer epoch on the feed and empty their keys, never
//! their copy of what was revoked; other copies of this service see it within 50 ms and load the new keys.

use common::clock::Clock;
use common::db::{Conn, Db, DbError, QueryResult};
use common::ids::Uuid;
use serde::Serialize;
use serde_json::json;
use thiserror::Error;

use super::actor::Actor;
use super::keys::{self, KeysError};
use super::secrets::{Secrets, SecretsError};
use super::store::audit::{self, Entry};
use super::store::feed::{Epoch, NewEvent, append};
use super::store::keys::{NewKey, SealedKey, insert_first, lock, revoke_all};
use super::store::{clients, secrets as installation, sessions, users};
use crate::config::Settings;
use crate::domain::session::EndReason;

/// What became of all that was before.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    pub epoch: Uuid,
    pub keys_revoked: usize,
    pub sessions_ended: usize,
    /// How many people and clients there are, whose tokens are all of an older version now.
    pub people: usize,
    pub clients: usize,
}

/// Why no new life began. Nothing has changed then.
#[derive(Debug, Error)]
pub enum RestoredError {
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("the clock of this machine is behind the one that began the present life: set it, and try again")]
    ClockBehind,
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What a version grows by: more than all acts together that a backup may not know of.
const AGE: i64 = 1 << 32;

/// Begins another life, wholly or not at all. It needs no key of the old one, which may not be possible to open.
pub async fn begin_again(settings: &Settings, db: Db, clock: Clock) -> Result<Restored, RestoredError> {
    let secrets = Secrets::open(&settings.secrets_dir, db.clone(), clock.clone()).await?;
    let ((current, next), offset_us) = (keys::first_pair(settings, &secrets)?, clock.offset_us());
    let done = db.write(move |conn| begin(conn, offset_us, &current, &next)).await?;
    let done = done.ok_or(RestoredError::ClockBehind)?;
    log::warn!(epoch:% = done.epoch; "a new life of the signing keys began: nothing of before counts");
    Ok(done)
}

fn begin(
    conn: &mut Conn,
    offset_us: i64,
    current: &SealedKey,
    next: &NewKey,
) -> QueryResult<Option<Restored>> {
    lock(conn)?;
    let epoch = Epoch::new();
    if !installation::begin_epoch(conn, epoch)? {
        return Ok(None);
    }
    let revoked = revoke_all(conn, offset_us)?;
    insert_first(conn, offset_us, current, next)?;
    // The versions before the sessions: who logs in meanwhile with the old one has a session that is over.
    let (people, clients) = (users::age_all(conn, AGE)?, clients::age_all(conn, AGE)?);
    let sessions_ended = sessions::end_everyones(conn, offset_us, EndReason::Restored)?;
    let (epoch, keys_revoked) = (epoch.as_uuid(), revoked.len());
    let done = Restored { epoch, keys_revoked, sessions_ended, people, clients };
    audit::write(conn, offset_us, entry(&done))?;
    let events: Vec<_> = revoked.into_iter().map(NewEvent::Key).chain([NewEvent::KeysChanged]).collect();
    // Whoever follows the feed finds it within 50 ms; this program is gone then.
    let _ = append(conn, offset_us, &events)?;
    Ok(Some(done))
}

fn entry(done: &Restored) -> Entry {
    Entry { detail: json!({ "did": done }), ..Entry::new("restored", Some(Actor::Operator)) }
}
