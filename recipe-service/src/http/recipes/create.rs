use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use common::web::auth::Scoped;
use common::web::{DigestedJson, NoQuery, Problem};

use super::answer::Answer;
use super::body::RecipeBody;
use super::idempotency::IdempotencyKey;
use crate::domain::draft::Draft;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::{Recipes, Repeatable};

/// Keeps a new recipe. It is its author's, and private unless it says otherwise.
#[utoipa::path(
    tag = "recipes",
    operation_id = "create_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params((
        "Idempotency-Key" = Option<String>, Header,
        description = "A key that the caller made up. The same call with it within a day is answered as the first was.",
    )),
    request_body = Draft,
    responses((
        status = 201, body = RecipeBody,
        headers(("Location" = String, description = "Where it is."), ("ETag" = String, description = "Its version.")),
    )),
)]
#[post("/v1/recipes")]
pub async fn create(
    auth: Scoped<RecipesWrite>,
    _: NoQuery,
    key: IdempotencyKey,
    draft: DigestedJson<Draft>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let DigestedJson { value: draft, digest } = draft;
    let repeatable = key.0.map(|key| Repeatable { route: "POST /v1/recipes", key, body_hash: digest });
    let recipe = recipes.create(author(&auth)?, draft, repeatable).await?;
    Ok(Answer::to_author(recipe, recipes.links()).created())
}
