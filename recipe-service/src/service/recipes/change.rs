use common::db::{Conn, QueryResult};
use common::time::Instant;

use super::{Expected, Recipes};
use crate::domain::changes::changed_members;
use crate::domain::draft::Draft;
use crate::domain::ids::{PartId, RecipeId};
use crate::domain::json::FreeObject;
use crate::domain::kept::Kept;
use crate::domain::patch::patched;
use crate::domain::recipe::{Recipe, written_members};
use crate::error::Error;
use crate::service::store;
use crate::service::store::recipes::Replacement;

/// How often a change that accepts any version is tried while others win. Each loss is somebody's success.
const ATTEMPTS: usize = 5;

impl Recipes {
    /// Puts another document in the place of a recipe's.
    pub async fn replace(
        &self,
        id: RecipeId,
        sub: String,
        expected: Option<Expected>,
        draft: Draft,
    ) -> Result<Recipe, Error> {
        let kept = Kept::of(&draft.accept(&mut PartId::new)?)?;
        self.persist(id, &sub, expected.as_ref(), async || {
            self.save(id, &sub, expected.clone(), kept.clone()).await
        })
        .await
    }

    /// Changes members of a recipe's document (RFC 7396).
    pub async fn patch(
        &self,
        id: RecipeId,
        sub: String,
        expected: Option<Expected>,
        patch: FreeObject,
    ) -> Result<Recipe, Error> {
        self.persist(id, &sub, expected.as_ref(), async || {
            let base = self.base(id, &sub, expected.clone()).await?;
            let members = written_members(&base.document, base.visibility);
            let kept = Kept::of(&patched(members, patch.clone())?.accept(&mut PartId::new)?)?;
            self.save(id, &sub, Some(Expected::Versions(vec![base.version])), kept).await
        })
        .await
    }

    /// Tries until it succeeds or the expectation fails, and then says what has changed.
    pub(super) async fn persist<T>(
        &self,
        id: RecipeId,
        sub: &str,
        expected: Option<&Expected>,
        attempt: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let attempts = if expected == Some(&Expected::Newest) { ATTEMPTS } else { 1 };
        for _ in 0..attempts {
            match attempt().await {
                Err(Error::Stale { .. }) => {}
                outcome => return outcome,
            }
        }
        let known = expected.and_then(Expected::latest_known);
        Err(Error::Stale { changed: self.changed_since(id, sub, known).await? })
    }

    /// The recipe as it is, for who may change it and expects it so.
    async fn base(&self, id: RecipeId, sub: &str, expected: Option<Expected>) -> Result<Recipe, Error> {
        let sub = sub.to_owned();
        let base = self.db.snapshot(move |conn| {
            if let Err(refusal) = base_version(conn, id, &sub, expected.as_ref())? {
                return Ok(Err(refusal));
            }
            Ok(store::recipes::read(conn, id, Some(&sub))?.ok_or(Error::NotFound))
        });
        base.await?
    }

    async fn save(
        &self,
        id: RecipeId,
        sub: &str,
        expected: Option<Expected>,
        kept: Kept,
    ) -> Result<Recipe, Error> {
        let (sub, now) = (sub.to_owned(), self.clock.now());
        self.db.write(move |conn| save(conn, id, &sub, expected.as_ref(), &kept, now)).await?
    }

    /// The members that differ between a version that the caller knows and the newest.
    async fn changed_since(&self, id: RecipeId, sub: &str, known: Option<i64>) -> Result<Vec<String>, Error> {
        let Some(known) = known else { return Ok(Vec::new()) };
        let sub = sub.to_owned();
        let both = self.db.snapshot(move |conn| {
            let base = store::recipes::revision(conn, id, known, &sub)?;
            Ok(base.zip(store::recipes::read(conn, id, Some(&sub))?))
        });
        let Some((base, newest)) = both.await? else { return Ok(Vec::new()) };
        Ok(changed_members(
            &written_members(&base.document, base.visibility),
            &written_members(&newest.document, newest.visibility),
        ))
    }
}

/// The newest version of a recipe, if the subject may change it and expects it: what is hidden is said first.
pub(super) fn base_version(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    expected: Option<&Expected>,
) -> QueryResult<Result<i64, Error>> {
    let standing = store::recipes::standing(conn, id, sub)?;
    Ok(match (standing, expected) {
        (None, _) => Err(Error::NotFound),
        (Some(standing), _) if !standing.may_write => Err(Error::Forbidden),
        (Some(_), None) => Err(Error::ConditionMissing),
        (Some(standing), Some(expected)) if expected.permits(standing.version) => Ok(standing.version),
        (Some(_), Some(_)) => Err(Error::stale()),
    })
}

fn save(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    expected: Option<&Expected>,
    kept: &Kept,
    now: Instant,
) -> QueryResult<Result<Recipe, Error>> {
    let base = match base_version(conn, id, sub, expected)? {
        Ok(base) => base,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !store::recipes::replace(conn, &Replacement { id, sub, base, now, kept })? {
        return Ok(Err(Error::stale()));
    }
    store::recipes::keep_revision(conn, id, sub)?;
    store::recipes::retag(conn, id, sub, &kept.tag_keys)?;
    Ok(store::recipes::read(conn, id, Some(sub))?.ok_or(Error::NotFound))
}
