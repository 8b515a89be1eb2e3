//! What a recipe looks like on the wire.

use std::borrow::Cow;

use common::time::Instant;
use common::web::Validate;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::domain::document::Document;
use crate::domain::draft::Draft;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Gallery, Images, Picture};
use crate::domain::json::FreeObject;
use crate::domain::patch::kept_document;
use crate::domain::recipe::{Owner, Rating, Recipe};
use crate::domain::visibility::Visibility;

/// The members of a recipe that are not in its document's text.
#[derive(Serialize, ToSchema)]
pub struct Head<'a> {
    #[schema(value_type = Uuid)]
    id: RecipeId,
    /// One more with every accepted write.
    version: i64,
    owner: OwnerBody<'a>,
    visibility: Visibility,
    cover: Option<Picture>,
    /// What its readers think of it, once some have said so.
    rating: Option<RatingBody>,
    created_at: Instant,
    updated_at: Instant,
    published_at: Option<Instant>,
    /// The title as part of an address.
    slug: &'a str,
}

/// Whose recipe it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Owner)]
pub struct OwnerBody<'a> {
    id: &'a str,
    /// Null until the issuer said it, and once they are gone.
    name: Option<&'a str>,
}

/// What its readers think of a recipe.
#[derive(Serialize, ToSchema)]
#[schema(as = Rating)]
pub struct RatingBody {
    /// To two decimal places.
    #[schema(minimum = 1, maximum = 5)]
    average: f64,
    #[schema(minimum = 1)]
    count: i64,
}

/// A recipe.
#[derive(ToSchema)]
#[schema(as = Recipe)]
#[expect(dead_code, reason = "it describes to the OpenAPI document what `json` writes")]
pub struct RecipeBody<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    document: Document,
}

/// A recipe as schema.org's (JSON-LD). The member `jipbap` has the whole of it.
#[derive(ToSchema)]
#[schema(as = JsonLd, value_type = Object)]
pub struct JsonLdBody(());

impl<'a> From<&'a Owner> for OwnerBody<'a> {
    fn from(owner: &'a Owner) -> Self {
        Self { id: &owner.sub, name: owner.name.as_deref() }
    }
}

impl From<Rating> for RatingBody {
    fn from(rating: Rating) -> Self {
        Self { average: rating.mean(), count: rating.count() }
    }
}

/// Writes an owner as an [`OwnerBody`].
pub fn owner<S: Serializer>(owner: &Owner, serializer: S) -> Result<S::Ok, S::Error> {
    OwnerBody::from(owner).serialize(serializer)
}

/// The head of a recipe as JSON.
pub fn head(recipe: &Recipe, gallery: &Gallery) -> Vec<u8> {
    let head = Head {
        id: recipe.id,
        version: recipe.version,
        owner: OwnerBody::from(&recipe.owner),
        visibility: recipe.visibility,
        cover: recipe.images.cover.as_ref().map(|cover| gallery.picture(cover)),
        rating: recipe.rating.map(RatingBody::from),
        created_at: recipe.created_at,
        updated_at: recipe.updated_at,
        published_at: recipe.published_at,
        slug: &recipe.slug,
    };
    serde_json::to_vec(&head).expect("BUG: a head does not serialise")
}

/// The whole recipe as JSON: its head and, behind it, the members of its document as they are kept.
pub fn json(head: &[u8], document: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(head.len() + document.len());
    body.extend_from_slice(&head[..head.len() - 1]);
    body.push(b',');
    body.extend_from_slice(&document.as_bytes()[1..]);
    body
}

/// A document as it is answered: as it is kept, but for the images of steps.
pub fn illustrated<'d>(
    document: &'d str,
    visibility: Visibility,
    images: &Images,
    gallery: &Gallery,
) -> Cow<'d, str> {
    if images.steps.is_empty() {
        return document.into();
    }
    match kept_document(document, visibility) {
        Ok(mut document) => {
            document.illustrate(images, gallery);
            document.to_json().into()
        }
        // What an earlier release kept may break a rule of this one. It is answered all the same.
        Err(_) => document.into(),
    }
}

/// JSON that was kept as it is answered.
pub fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).expect("BUG: a column holds no JSON")
}

/// What a recipe may have as JSON with all the blanks that people put between.
const MAX_BYTES: usize = 1024 * 1024;

// The rules need ids and are asked by the use case; types, duplicates and NULs are looked at by the extractor.
impl Validate for Draft {
    const MAX_BYTES: usize = MAX_BYTES;
}

impl Validate for FreeObject {
    const MAX_BYTES: usize = MAX_BYTES;
}
