use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete};
use common::web::auth::Scoped;
use common::web::{IdPath, Problem};

use super::conditions::expected;
use crate::domain::ids::RecipeId;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::Recipes;

/// Moves one's recipe to the trash.
#[utoipa::path(
    tag = "recipes",
    operation_id = "delete_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was last answered.")),
    responses((status = 204, description = "It is in the trash.")),
)]
#[delete("/v1/recipes/{id}")]
pub async fn discard(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let expected = expected(request.headers())?;
    recipes.discard(id.0, author(&auth)?, expected).await?;
    Ok(HttpResponse::NoContent().finish())
}
