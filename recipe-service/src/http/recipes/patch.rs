use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, patch};
use common::web::auth::Scoped;
use common::web::{IdPath, MergePatch, Problem};

use super::answer::Answer;
use super::body::RecipeBody;
use super::conditions::expected;
use crate::domain::draft::Draft;
use crate::domain::ids::RecipeId;
use crate::domain::json::FreeObject;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::Recipes;

/// Changes members of one's recipe: those that are given; null removes one (RFC 7396).
#[utoipa::path(
    tag = "recipes",
    operation_id = "patch_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was last answered.")),
    request_body(content = Draft, content_type = "application/merge-patch+json"),
    responses((status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version.")))),
)]
#[patch("/v1/recipes/{id}")]
pub async fn patch(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    patch: MergePatch<FreeObject>,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let expected = expected(request.headers())?;
    let recipe = recipes.patch(id.0, author(&auth)?, expected, patch.0).await?;
    Ok(Answer::to_author(recipe, recipes.links()).ok())
}
