use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use importer::Report;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::document::Document;
use crate::domain::image::Links;
use crate::http::recipes::{Answer, FOR_ONE, RecipeBody, raw};
use crate::service::imports::{Done, Rehearsed};
use crate::service::recipes::Merit;

/// What came of an import.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportBody {
    outcome: Outcome,
    #[schema(value_type = ImportedRecipe)]
    recipe: Box<RawValue>,
    report: Report,
}

/// The recipe as it is kept, or, in a rehearsal, the document that would be.
struct ImportedRecipe;

// Not derived: that would be oneOf, and a recipe is a document too.
impl PartialSchema for ImportedRecipe {
    fn schema() -> RefOr<Schema> {
        let either = AnyOfBuilder::new()
            .item(Ref::from_schema_name(RecipeBody::name()))
            .item(Ref::from_schema_name(Document::name()))
            .description(Some("As it is kept, or, in a rehearsal, the document that would be."));
        either.into()
    }
}

impl ToSchema for ImportedRecipe {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        RecipeBody::schemas(schemas);
    }
}

/// What happened, or in a rehearsal would have.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ImportOutcome)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Created,
    /// A recipe of the same page has what it says now.
    Updated,
    /// A recipe of the same page says the same.
    Unchanged,
    /// A recipe of the same page was left as it is.
    Skipped,
}

impl From<Merit> for Outcome {
    fn from(merit: Merit) -> Self {
        match merit {
            Merit::Created => Self::Created,
            Merit::Updated => Self::Updated,
            Merit::Unchanged => Self::Unchanged,
            Merit::Skipped => Self::Skipped,
        }
    }
}

pub fn done(done: Done, links: &Links) -> HttpResponse {
    let Done { recipe, merit, report } = done;
    let answer = Answer::to_author(recipe, links);
    let body = ImportBody { outcome: merit.into(), recipe: raw(answer.json()), report };
    answer.about(merit == Merit::Created, &body)
}

pub fn rehearsed(rehearsed: Rehearsed) -> HttpResponse {
    let Rehearsed { document, merit, report } = rehearsed;
    let body = ImportBody { outcome: merit.into(), recipe: raw(document), report };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, FOR_ONE)).json(body)
}
