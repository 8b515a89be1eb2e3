use common::db::{Conn, QueryResult};
use common::time::Instant;

use super::Recipes;
use crate::domain::ids::RecipeId;
use crate::domain::personal::Personal;
use crate::error::Error;
use crate::service::store;

impl Recipes {
    /// What a person keeps to themselves about a recipe that they may read.
    pub async fn personal(&self, id: RecipeId, sub: String) -> Result<Personal, Error> {
        let found = self.db.snapshot(move |conn| {
            Ok(match store::recipes::standing(conn, id, &sub)? {
                Some(_) => Ok(store::personal::of(conn, id, &sub)?.unwrap_or_default()),
                None => Err(Error::NotFound),
            })
        });
        found.await?
    }

    /// Keeps it.
    pub async fn keep_personal(&self, id: RecipeId, sub: String, personal: Personal) -> Result<(), Error> {
        let now = self.clock.now();
        self.db.write(move |conn| keep(conn, id, &sub, Some(&personal), now)).await?
    }

    /// Forgets it. Again is harmless.
    pub async fn forget_personal(&self, id: RecipeId, sub: String) -> Result<(), Error> {
        let now = self.clock.now();
        self.db.write(move |conn| keep(conn, id, &sub, None, now)).await?
    }
}

/// Nobody else changes what is a person's while they are claimed, so that the old rating which is taken off the recipe's
/// is the one that was added.
fn keep(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    personal: Option<&Personal>,
    now: Instant,
) -> QueryResult<Result<(), Error>> {
    if store::people::claim(conn, sub)?.is_none() {
        return Ok(Err(Error::AccountDeleted));
    }
    if store::recipes::standing(conn, id, sub)?.is_none() {
        return Ok(Err(Error::NotFound));
    }
    let before = store::personal::of(conn, id, sub)?.and_then(|before| before.rating);
    match personal {
        Some(personal) => store::personal::keep(conn, id, sub, personal, now)?,
        None => store::personal::forget(conn, id, sub)?,
    }
    let after = personal.and_then(|personal| personal.rating);
    if before != after {
        store::personal::rate(conn, id, sub, before, after)?;
    }
    Ok(Ok(()))
}
