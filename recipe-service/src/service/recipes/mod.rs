//! What people do with recipes.

mod backup;
mod change;
mod create;
mod discard;
mod expected;
mod export;
mod images;
mod import;
mod index;
mod list;
mod personal;
mod publish;
mod read;
mod revisions;
mod shares;
mod suggest;
mod trash;

use common::clock::Clock;
use common::db::{Batched, Conn, Db, QueryResult};

pub use create::Repeatable;
pub use expected::Expected;
pub use export::{Export, Exported};
pub use images::{Seen, Wish};
pub use import::{Incoming, Merit, OnDuplicate};
pub use list::{Page, Place, Wanted};
pub use shares::NewShare;
pub use suggest::Suggestions;
pub use trash::TrashPosition;

use super::store;
use super::store::recipes::{Sought, Standing};
use crate::domain::ids::RecipeId;
use crate::domain::image::Links;
use crate::domain::recipe::Recipe;
use crate::error::Error;

/// The recipes of all households. Clones share them.
#[derive(Clone)]
pub struct Recipes {
    db: Db,
    clock: Clock,
    /// Recipes that are read one by one: what most requests want.
    shelf: Batched<Sought, Option<Recipe>>,
    links: Links,
}

impl Recipes {
    pub fn new(db: Db, clock: Clock) -> Self {
        let shelf = Batched::reads(db.clone(), store::recipes::read_all);
        Self { db, clock, shelf, links: Links::default() }
    }

    /// The same, where the world reaches them.
    pub fn at(self, links: Links) -> Self {
        Self { links, ..self }
    }

    pub fn links(&self) -> &Links {
        &self.links
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

/// How a person stands to a recipe that is theirs to change.
fn own(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<Result<Standing, Error>> {
    Ok(match store::recipes::standing(conn, id, sub)? {
        None => Err(Error::NotFound),
        Some(standing) if !standing.may_write => Err(Error::Forbidden),
        Some(standing) => Ok(standing),
    })
}
