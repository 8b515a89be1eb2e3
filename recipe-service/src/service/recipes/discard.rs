use super::change::base_version;
use super::{Expected, Recipes};
use crate::domain::ids::RecipeId;
use crate::error::Error;
use crate::service::store;

impl Recipes {
    /// Moves a recipe to the trash.
    pub async fn discard(&self, id: RecipeId, sub: String, expected: Option<Expected>) -> Result<(), Error> {
        let discarded = self.try_discard(id, &sub, expected.clone()).await;
        self.explain(id, &sub, expected.as_ref(), discarded).await
    }

    async fn try_discard(&self, id: RecipeId, sub: &str, expected: Option<Expected>) -> Result<(), Error> {
        let now = self.clock.now();
        self.write_as(sub, move |conn, sub| {
            let base = match base_version(conn, id, sub, expected.as_ref())? {
                Ok(base) => base,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let discarded = store::recipes::discard(conn, id, sub, base, now)?;
            Ok(if discarded { Ok(()) } else { Err(Error::stale()) })
        })
        .await
    }
}
