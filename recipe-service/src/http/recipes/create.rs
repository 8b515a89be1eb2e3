use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use common::web::auth::Scoped;
use common::web::{Json, NoQuery, Problem};

use super::answer::Answer;
use super::body::RecipeBody;
use crate::domain::draft::Draft;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::Recipes;

/// Keeps a new recipe. It is its author's, and private unless it says otherwise.
#[utoipa::path(
    tag = "recipes",
    operation_id = "create_recipe",
    security(("bearerAuth" = ["recipes:write"])),
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
    draft: Json<Draft>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let recipe = recipes.create(author(&auth)?, draft.0).await?;
    Ok(Answer::to_author(recipe).created())
}
