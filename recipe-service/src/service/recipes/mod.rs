//! What people do with recipes.

mod change;
mod create;
mod discard;
mod expected;
mod index;
mod list;
mod publish;
mod read;

use common::clock::Clock;
use common::db::{Conn, Db, QueryResult};

pub use expected::Expected;
pub use list::Wanted;

use super::store;
use crate::error::Error;

/// The recipes of all households. Clones share them.
#[derive(Clone)]
pub struct Recipes {
    db: Db,
    clock: Clock,
}

impl Recipes {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Changes recipes of a person in a transaction, in which they are not deleted.
    ///
    /// A predicate sees only tombstones that are committed: without the hold, what is written while its author is being
    /// deleted would be kept for good, and nobody could ever delete it.
    async fn write_as<T: Send + 'static>(
        &self,
        sub: &str,
        work: impl FnOnce(&mut Conn, &str) -> QueryResult<Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let sub = sub.to_owned();
        let written = self.db.write(move |conn| {
            store::people::hold(conn, &sub)?;
            work(conn, &sub)
        });
        written.await?
    }
}
