//! What the issuer says of people, applied.

use common::clock::Clock;
use common::db::{Conn, Db, QueryResult};
use common::time::Instant;

use crate::error::Error;
use crate::service::store;

/// The people whose recipes are kept. Clones share them.
#[derive(Clone)]
pub struct People {
    db: Db,
    clock: Clock,
}

/// What became of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Named { sub: String, name: Option<String>, external_id: Option<String> },
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
        Self { db, clock }
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
        Change::Named { sub, name, external_id } => {
            store::people::rename(conn, sub, name.as_deref(), external_id.as_deref())
        }
        Change::Deleted { sub, recipes } => {
            // The tombstone first: whoever is creating a recipe for them right now is waited for, or refused.
            store::people::bury(conn, sub, now)?;
            store::households::leave_all(conn, sub)?;
            match recipes {
                Fate::Deleted => store::recipes::erase_all(conn, sub),
                Fate::PublicKept => store::recipes::erase_unpublished(conn, sub),
            }
        }
    }
}
