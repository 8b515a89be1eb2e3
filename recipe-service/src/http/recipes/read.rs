use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::web::auth::MaybeAuth;
use common::web::etag::Condition;
use common::web::{IdPath, Problem};

use super::accept::AcceptsJson;
use super::answer::Answer;
use super::body::RecipeBody;
use crate::domain::ids::RecipeId;
use crate::http::scopes::reader;
use crate::service::recipes::Recipes;

/// Reads a recipe: a public or unlisted one, or one's own.
#[utoipa::path(
    tag = "recipes",
    operation_id = "read_recipe",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header, description = "The ETag that is known.")),
    responses(
        (status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "It is the one that is known."),
    ),
)]
#[get("/v1/recipes/{id}")]
pub async fn read(
    auth: MaybeAuth,
    id: IdPath<RecipeId>,
    _: AcceptsJson,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let known = Condition::if_none_match(request.headers())?;
    let recipe = recipes.read(id.0, reader(&auth)).await?;
    Ok(Answer::to_reader(recipe, &auth).unless(&known))
}
