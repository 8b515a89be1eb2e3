use common::time::Instant;
use serde::{Deserialize, Serialize};

use super::Recipes;
use crate::domain::ids::RecipeId;
use crate::domain::recipe::{Recipe, TRASH, Trashed};
use crate::error::Error;
use crate::service::store;

/// Where a page of the trash ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TrashPosition {
    pub deleted_at: Instant,
    pub id: RecipeId,
}

/// How many recipes are erased in one transaction.
const BATCH: i64 = 100;

impl Recipes {
    /// What is in one's trash, the latest first: from a position on, if one is named, and at most so many.
    pub async fn trash(
        &self,
        sub: String,
        after: Option<TrashPosition>,
        count: u32,
    ) -> Result<Vec<Trashed>, Error> {
        let since = self.clock.now() - TRASH;
        let after = after.map(|after| (after.deleted_at, after.id));
        Ok(self.db.read(move |conn| store::recipes::trash(conn, &sub, since, after, count.into())).await?)
    }

    /// Takes a recipe out of the trash, as the version that it was. Again is harmless.
    pub async fn undelete(&self, id: RecipeId, sub: String) -> Result<Recipe, Error> {
        let now = self.clock.now();
        self.write_as(&sub, move |conn, sub| {
            store::recipes::undelete(conn, id, sub, now, now - TRASH)?;
            Ok(match super::own(conn, id, sub)? {
                Ok(_) => store::recipes::read(conn, id, Some(sub))?.ok_or(Error::NotFound),
                Err(refusal) => Err(refusal),
            })
        })
        .await
    }

    /// Erases a recipe that is in the trash, with all its versions.
    pub async fn erase(&self, id: RecipeId, sub: String) -> Result<(), Error> {
        self.write_as(&sub, move |conn, sub| {
            let erased = store::recipes::erase_trashed(conn, id, sub)?;
            Ok(if erased { Ok(()) } else { Err(Error::NotFound) })
        })
        .await
    }

    /// Erases what was in the trash for too long. Answers how many.
    pub async fn empty_trash(&self) -> Result<usize, Error> {
        let until = self.clock.now() - TRASH;
        let mut purged = 0;
        loop {
            let erased = self.db.write(move |conn| store::recipes::purge(conn, until, BATCH)).await?;
            purged += erased;
            if erased < BATCH as usize {
                return Ok(purged);
            }
        }
    }
}
