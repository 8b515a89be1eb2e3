use actix_web::web::Data;
use actix_web::{HttpResponse, delete, put};
use common::web::auth::Scoped;
use common::web::{IdPath, Problem};

use crate::domain::ids::RecipeId;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::Recipes;

/// Makes one's recipe public. Again is harmless.
#[utoipa::path(
    tag = "recipes",
    operation_id = "publish_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is public.")),
)]
#[put("/v1/recipes/{id}/publish")]
pub async fn publish(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    recipes.publish(id.0, author(&auth)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes one's recipe private. Again is harmless.
#[utoipa::path(
    tag = "recipes",
    operation_id = "unpublish_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is private.")),
)]
#[delete("/v1/recipes/{id}/publish")]
pub async fn unpublish(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    recipes.unpublish(id.0, author(&auth)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
