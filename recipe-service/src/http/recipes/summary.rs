use common::time::Instant;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::body::{OwnerBody, owner, raw};
use crate::domain::document::Times;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Links, Picture};
use crate::domain::recipe::{Owner, Summary};
use crate::domain::search::Highlight;
use crate::domain::visibility::Visibility;

/// What a list says of a recipe.
#[derive(Serialize, ToSchema)]
#[schema(as = Summary)]
pub struct SummaryBody {
    #[schema(value_type = Uuid)]
    id: RecipeId,
    title: String,
    #[serde(serialize_with = "owner")]
    #[schema(value_type = OwnerBody)]
    owner: Owner,
    visibility: Visibility,
    #[schema(value_type = Vec<String>)]
    tags: Box<RawValue>,
    cover: Option<Picture>,
    #[schema(value_type = Option<Times>)]
    times: Option<Box<RawValue>>,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
    /// Where the words that were asked for are in it, with `highlight=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    highlights: Option<Vec<Highlight>>,
}

impl SummaryBody {
    pub fn of(summary: Summary, links: &Links) -> Self {
        let gallery = links.of_recipe(summary.id);
        Self {
            id: summary.id,
            title: summary.title,
            owner: summary.owner,
            visibility: summary.visibility,
            tags: raw(summary.tags),
            cover: summary.cover.as_ref().map(|cover| gallery.picture(cover)),
            times: summary.times.map(raw),
            version: summary.version,
            created_at: summary.created_at,
            updated_at: summary.updated_at,
            highlights: summary.highlights,
        }
    }
}
