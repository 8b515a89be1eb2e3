use super::Recipes;
use crate::domain::ids::RecipeId;
use crate::domain::recipe::Recipe;
use crate::error::Error;
use crate::service::store::recipes::Sought;

impl Recipes {
    /// A recipe, if the reader may see it: anonymous, or the subject of a token that may read.
    pub async fn read(&self, id: RecipeId, reader: Option<String>) -> Result<Recipe, Error> {
        self.shelf.ask(Sought { id, reader }).await?.ok_or(Error::NotFound)
    }
}
