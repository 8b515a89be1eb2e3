use super::change::{base, save};
use super::{Expected, Recipes};
use crate::domain::ids::RecipeId;
use crate::domain::kept::Kept;
use crate::domain::patch::kept_document;
use crate::domain::recipe::{Recipe, Revision, RevisionSummary};
use crate::domain::visibility::Visibility;
use crate::error::Error;
use crate::service::store;

impl Recipes {
    /// Versions of a recipe of one's own, the latest first: those before one, if one is named, and at most so many.
    pub async fn revisions(
        &self,
        id: RecipeId,
        sub: String,
        before: Option<i64>,
        count: u32,
    ) -> Result<Vec<RevisionSummary>, Error> {
        let found = self.db.snapshot(move |conn| {
            Ok(match super::own(conn, id, &sub)? {
                Ok(_) => Ok(store::recipes::revisions(conn, id, &sub, before, count.into())?),
                Err(refusal) => Err(refusal),
            })
        });
        found.await?
    }

    /// One version of a recipe of one's own.
    pub async fn revision(&self, id: RecipeId, sub: String, version: i64) -> Result<Revision, Error> {
        let found = self.db.snapshot(move |conn| {
            Ok(match super::own(conn, id, &sub)? {
                Ok(_) => store::recipes::revision(conn, id, version, &sub)?.ok_or(Error::NotFound),
                Err(refusal) => Err(refusal),
            })
        });
        found.await?
    }

    /// Makes an earlier version the newest: a new version of the same words. Who may see the recipe stays as it is, so that
    /// nothing is published by looking back.
    pub async fn restore(
        &self,
        id: RecipeId,
        sub: String,
        version: i64,
        expected: Option<Expected>,
    ) -> Result<Recipe, Error> {
        // Without a condition whatever is newest may go: it stays as a version, so nothing is lost.
        let expected = expected.unwrap_or(Expected::Newest);
        let restored = self.try_restore(id, &sub, version, expected.clone()).await;
        self.explain(id, &sub, Some(&expected), restored).await
    }

    async fn try_restore(
        &self,
        id: RecipeId,
        sub: &str,
        version: i64,
        expected: Expected,
    ) -> Result<Recipe, Error> {
        let now = self.clock.now();
        self.write_as(sub, move |conn, sub| {
            let newest = match base(conn, id, sub, Some(&expected))? {
                Ok(newest) => newest,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some(earlier) = store::recipes::revision(conn, id, version, sub)? else {
                return Ok(Err(Error::NotFound));
            };
            match kept(&earlier, newest.visibility) {
                Ok(kept) => save(conn, id, sub, Some(&expected), &kept, Some(&earlier.images), now),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await
    }
}

/// A version as it is to be kept once more. One of an earlier release may break a rule of this one.
fn kept(earlier: &Revision, visibility: Visibility) -> Result<Kept, Error> {
    Ok(Kept::of(&kept_document(&earlier.document, visibility)?)?)
}
