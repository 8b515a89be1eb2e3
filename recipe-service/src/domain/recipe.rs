use common::time::Instant;
use serde_json::{Map, Value};

use super::ids::RecipeId;
use super::visibility::Visibility;

/// A recipe as it is kept: what the service knows of it, and its document as text.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub id: RecipeId,
    /// One more with every accepted write.
    pub version: i64,
    pub owner: Owner,
    pub visibility: Visibility,
    pub slug: String,
    /// JSON as it is answered.
    pub cover: Option<String>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub published_at: Option<Instant>,
    /// JSON as it is answered: an object that is never empty.
    pub document: String,
}

/// Whose recipe it is.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The subject of the token that it was made with.
    pub sub: String,
    /// None until the people feed brought it, and once they are gone.
    pub name: Option<String>,
}

/// What a list says of a recipe.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: RecipeId,
    pub title: String,
    pub owner: Owner,
    pub visibility: Visibility,
    /// JSON as it is answered.
    pub tags: String,
    /// JSON as it is answered.
    pub cover: Option<String>,
    /// JSON as it is answered.
    pub times: Option<String>,
    pub version: i64,
    pub created_at: Instant,
    pub updated_at: Instant,
}

/// The members that a household writes, from the text that is kept.
pub fn written_members(document: &str, visibility: Visibility) -> Map<String, Value> {
    let mut members: Map<String, Value> =
        serde_json::from_str(document).expect("BUG: a document was kept that is no object of JSON");
    members.insert("visibility".into(), visibility.as_str().into());
    members
}
