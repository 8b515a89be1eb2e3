use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, put};
use common::web::auth::Scoped;
use common::web::{IdPath, Json, Problem};

use super::answer::Answer;
use super::body::RecipeBody;
use super::conditions::expected;
use crate::domain::draft::Draft;
use crate::domain::ids::RecipeId;
use crate::http::author::author;
use crate::http::scopes::RecipesWrite;
use crate::service::recipes::Recipes;

/// Puts another document in the place of one's recipe's.
#[utoipa::path(
    tag = "recipes",
    operation_id = "replace_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was last answered.")),
    request_body = Draft,
    responses((status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version.")))),
)]
#[put("/v1/recipes/{id}")]
pub async fn replace(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    draft: Json<Draft>,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let expected = expected(request.headers())?;
    let recipe = recipes.replace(id.0, author(&auth)?, expected, draft.0).await?;
    Ok(Answer::to_author(recipe, recipes.links()).ok())
}
