use super::Recipes;
use crate::domain::ids::RecipeId;
use crate::domain::visibility::Visibility;
use crate::error::Error;
use crate::service::store;

impl Recipes {
    /// Shows a recipe to everyone. Again is harmless.
    pub async fn publish(&self, id: RecipeId, sub: String) -> Result<(), Error> {
        self.show(id, sub, Visibility::Public).await
    }

    /// Shows a recipe to its household alone. Again is harmless.
    pub async fn unpublish(&self, id: RecipeId, sub: String) -> Result<(), Error> {
        self.show(id, sub, Visibility::Private).await
    }

    async fn show(&self, id: RecipeId, sub: String, visibility: Visibility) -> Result<(), Error> {
        let now = self.clock.now();
        self.write_as(&sub, move |conn, sub| {
            if store::recipes::show(conn, id, sub, visibility, now)? {
                store::recipes::keep_revision(conn, id, sub)?;
                store::search::keep_pace(conn, id)?;
                return Ok(Ok(()));
            }
            // Where it is theirs, it is shown so already.
            Ok(super::own(conn, id, sub)?.map(drop))
        })
        .await
    }
}
