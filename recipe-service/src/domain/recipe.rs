use std::time::Duration;

use common::time::Instant;
use serde_json::{Map, Value};

use super::ids::RecipeId;
use super::image::{Image, Images};
use super::search::Highlight;
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
    pub images: Images,
    pub rating: Option<Rating>,
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

/// What its readers think of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    sum: i64,
    count: i64,
}

impl Rating {
    /// The mean of so many ratings; none without any.
    pub fn of(sum: i64, count: i64) -> Option<Self> {
        (count > 0).then_some(Self { sum, count })
    }

    pub fn count(self) -> i64 {
        self.count
    }

    /// From 1 to 5, to two decimal places.
    pub fn mean(self) -> f64 {
        (self.sum as f64 / self.count as f64 * 100.0).round() / 100.0
    }
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
    pub cover: Option<Image>,
    /// JSON as it is answered.
    pub times: Option<String>,
    pub version: i64,
    pub created_at: Instant,
    pub updated_at: Instant,
    /// Where the words that were asked for are in it.
    pub highlights: Option<Vec<Highlight>>,
}

/// A recipe in the trash.
#[derive(Clone, Debug)]
pub struct Trashed {
    pub summary: Summary,
    pub deleted_at: Instant,
}

/// What its household wrote in one version of a recipe.
#[derive(Clone, Debug)]
pub struct Revision {
    pub version: i64,
    pub saved_by: Owner,
    pub saved_at: Instant,
    pub visibility: Visibility,
    pub title: String,
    pub images: Images,
    /// JSON as it is answered.
    pub document: String,
}

/// What a list says of a version.
#[derive(Clone, Debug)]
pub struct RevisionSummary {
    pub version: i64,
    pub saved_by: Owner,
    pub saved_at: Instant,
    pub visibility: Visibility,
    pub title: String,
}

/// How long a recipe stays in the trash before it is erased: 30 days.
pub const TRASH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The members that a household writes, from the text that is kept.
pub fn written_members(document: &str, visibility: Visibility) -> Map<String, Value> {
    let mut members: Map<String, Value> =
        serde_json::from_str(document).expect("BUG: a document was kept that is no object of JSON");
    members.insert("visibility".into(), visibility.as_str().into());
    members
}
