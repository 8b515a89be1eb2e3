//! What the issuer says of people, applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use common::clock::Clock;
use common::db::{Conn, Db, QueryResult};
use common::time::Instant;
use common::token::LegacyPerson;

use crate::error::Error;
use crate::service::store;
use crate::service::store::people::Named;

/// The people whose recipes are kept. Clones share them.
#[derive(Clone)]
pub struct People {
    db: Db,
    clock: Clock,
    /// When the request was sent whose answer completed what is known, in µs of boot time; 0 before the first.
    fresh_at: Arc<AtomicU64>,
}

/// What became of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Named { sub: String, name: Option<String>, external_id: Option<String>, min_uv: i64 },
    Deleted { sub: String, recipes: Fate },
}

/// What becomes of the recipes of someone who goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Deleted,
    /// What is public stays, without a name.
    PublicKept,
}

impl People {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, fresh_at: Arc::default() }
    }

    /// The person whom another issuer knew by this.
    pub async fn known_as(&self, external_id: String) -> Result<Option<LegacyPerson>, Error> {
        let known = self.db.read(move |conn| store::people::known_as(conn, &external_id)).await?;
        Ok(known.map(|(sub, min_uv)| LegacyPerson { sub, min_uv }))
    }

    /// Says that everything is applied that was said of people before boot time `sent`.
    pub fn complete(&self, sent: Duration) {
        self.fresh_at.fetch_max(sent.as_micros() as u64, Ordering::Release);
    }

    /// True while what was said of people is applied, but for what was said within this time.
    pub fn is_known_within(&self, bound: Duration) -> bool {
        match self.fresh_at.load(Ordering::Acquire) {
            0 => false,
            at => self.clock.boot().saturating_sub(Duration::from_micros(at)) <= bound,
        }
    }

    /// Up to where the feed has been applied; empty before its beginning.
    pub async fn cursor(&self) -> Result<String, Error> {
        Ok(self.db.read(store::people::cursor).await?)
    }

    /// Applies what happened between two places of the feed, all of it or nothing. False: another copy of the service has
    /// moved meanwhile, and nothing happens.
    pub async fn apply(&self, from: String, to: String, changes: Vec<Change>) -> Result<bool, Error> {
        let now = self.clock.now();
        let applied = self.db.write(move |conn| {
            let is_first = store::people::move_cursor(conn, &from, &to)?;
            if is_first {
                changes.iter().try_for_each(|change| apply(conn, change, now))?;
            }
            Ok(is_first)
        });
        Ok(applied.await?)
    }
}

fn apply(conn: &mut Conn, change: &Change, now: Instant) -> QueryResult<()> {
    match change {
        Change::Named { sub, name, external_id, min_uv } => {
            let (name, external_id, min_uv) = (name.as_deref(), external_id.as_deref(), *min_uv);
            store::people::rename(conn, &Named { sub, name, external_id, min_uv })
        }
        Change::Deleted { sub, recipes } => {
            // The tombstone first: whoever is creating a recipe for them right now is waited for, or refused.
            store::people::bury(conn, sub, now)?;
            store::households::leave_all(conn, sub)?;
            store::personal::forget_all(conn, sub)?;
            store::idempotency::forget_all(conn, sub)?;
            match recipes {
                Fate::Deleted => store::recipes::erase_all(conn, sub),
                Fate::PublicKept => store::recipes::erase_unpublished(conn, sub),
            }
        }
    }
}
