use common::db::{Conn, QueryResult};
use common::time::Instant;
use serde_json::json;

use super::{Expected, Recipes};
use crate::domain::changes::changed_members;
use crate::domain::draft::Draft;
use crate::domain::ids::{PartId, RecipeId};
use crate::domain::image::Images;
use crate::domain::json::FreeObject;
use crate::domain::kept::Kept;
use crate::domain::patch::patched;
use crate::domain::recipe::{Recipe, written_members};
use crate::error::Error;
use crate::service::store;
use crate::service::store::recipes::Replacement;

/// The member that the images of steps belong to.
const STEPS: &str = "step_groups";

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
        let saved = self.save(id, &sub, expected.clone(), kept).await;
        self.explain(id, &sub, expected.as_ref(), saved).await
    }

    /// Changes members of a recipe's document (RFC 7396).
    pub async fn patch(
        &self,
        id: RecipeId,
        sub: String,
        expected: Option<Expected>,
        patch: FreeObject,
    ) -> Result<Recipe, Error> {
        let saved = match &expected {
            Some(Expected::Newest) => self.patch_newest(id, &sub, patch).await,
            Some(Expected::Versions(_)) | None => self.patch_known(id, &sub, expected.clone(), patch).await,
        };
        self.explain(id, &sub, expected.as_ref(), saved).await
    }

    /// Changes a version that the caller knows. Whoever is faster makes it stale, so nobody waits meanwhile.
    async fn patch_known(
        &self,
        id: RecipeId,
        sub: &str,
        expected: Option<Expected>,
        patch: FreeObject,
    ) -> Result<Recipe, Error> {
        let owner = sub.to_owned();
        let base = self.db.snapshot(move |conn| base(conn, id, &owner, expected.as_ref())).await??;
        let kept = changed(&base, patch)?;
        self.save(id, sub, Some(Expected::Versions(vec![base.version])), kept).await
    }

    /// Changes whatever is newest: held from the look at it to its change, so that no other comes between.
    async fn patch_newest(&self, id: RecipeId, sub: &str, patch: FreeObject) -> Result<Recipe, Error> {
        let now = self.clock.now();
        self.write_as(sub, move |conn, sub| {
            let newest = match base(conn, id, sub, Some(&Expected::Newest))? {
                Ok(newest) => newest,
                Err(refusal) => return Ok(Err(refusal)),
            };
            match changed(&newest, patch) {
                Ok(kept) => save(conn, id, sub, Some(&Expected::Newest), &kept, None, now),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await
    }

    /// Says of a change that came too late what has changed before.
    pub(super) async fn explain<T>(
        &self,
        id: RecipeId,
        sub: &str,
        expected: Option<&Expected>,
        outcome: Result<T, Error>,
    ) -> Result<T, Error> {
        match outcome {
            Err(Error::Stale { .. }) => {
                let known = expected.and_then(Expected::latest_known);
                Err(Error::Stale { changed: self.changed_since(id, sub, known).await? })
            }
            outcome => outcome,
        }
    }

    async fn save(
        &self,
        id: RecipeId,
        sub: &str,
        expected: Option<Expected>,
        kept: Kept,
    ) -> Result<Recipe, Error> {
        let now = self.clock.now();
        self.write_as(sub, move |conn, sub| save(conn, id, sub, expected.as_ref(), &kept, None, now)).await
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
        let members = |document: &str, visibility, images: &Images| {
            let mut members = written_members(document, visibility);
            members.insert("cover".into(), images.cover_column().into());
            members.insert(STEPS.into(), json!([members.get(STEPS), images.steps_column()]));
            members
        };
        Ok(changed_members(
            &members(&base.document, base.visibility, &base.images),
            &members(&newest.document, newest.visibility, &newest.images),
        ))
    }
}

/// The newest version of a recipe, if the subject may change it and expects it: what is hidden is said first.
///
/// Where any version is expected it is held until the transaction ends: a caller who accepts whatever is newest is never
/// told that it has changed meanwhile.
pub(super) fn base_version(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    expected: Option<&Expected>,
) -> QueryResult<Result<i64, Error>> {
    if expected == Some(&Expected::Newest) {
        store::recipes::hold(conn, id, sub)?;
    }
    Ok(match (super::own(conn, id, sub)?, expected) {
        (Err(refusal), _) => Err(refusal),
        (Ok(_), None) => Err(Error::ConditionMissing),
        (Ok(standing), Some(expected)) if expected.permits(standing.version) => Ok(standing.version),
        (Ok(_), Some(_)) => Err(Error::stale()),
    })
}

/// The recipe as it is, for who may change it and expects it so.
pub(super) fn base(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    expected: Option<&Expected>,
) -> QueryResult<Result<Recipe, Error>> {
    if let Err(refusal) = base_version(conn, id, sub, expected)? {
        return Ok(Err(refusal));
    }
    Ok(store::recipes::read(conn, id, Some(sub))?.ok_or(Error::NotFound))
}

/// What a patch makes of a recipe.
fn changed(base: &Recipe, patch: FreeObject) -> Result<Kept, Error> {
    let members = written_members(&base.document, base.visibility);
    Ok(Kept::of(&patched(members, patch)?.accept(&mut PartId::new)?)?)
}

/// Keeps a new version, with the images that the recipe has, or with others.
pub(super) fn save(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    expected: Option<&Expected>,
    kept: &Kept,
    others: Option<&Images>,
    now: Instant,
) -> QueryResult<Result<Recipe, Error>> {
    let base = match base_version(conn, id, sub, expected)? {
        Ok(base) => base,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !store::recipes::replace(conn, &Replacement { id, sub, base, now, kept })? {
        return Ok(Err(Error::stale()));
    }
    let Some(mut recipe) = store::recipes::read(conn, id, Some(sub))? else {
        return Ok(Err(Error::NotFound));
    };
    let images = others.unwrap_or(&recipe.images).clone().of_steps(&kept.step_ids);
    if images != recipe.images {
        store::images::set(conn, id, sub, &images)?;
        recipe.images = images;
    }
    store::recipes::keep_revision(conn, id, sub)?;
    store::recipes::retag(conn, id, sub, &kept.tag_keys)?;
    store::search::index(conn, id, &kept.words)?;
    Ok(Ok(recipe))
}
