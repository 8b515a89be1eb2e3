use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::web::auth::MaybeAuth;
use common::web::etag::Condition;
use common::web::{IdPath, Problem, Query};

use super::accept::Wanted;
use super::answer::Answer;
use super::body::{JsonLdBody, RecipeBody};
use super::view::ViewQuery;
use crate::domain::ids::RecipeId;
use crate::http::scopes::reader;
use crate::service::recipes::Recipes;

/// Reads a recipe, a public or unlisted one or one's own, in the form that `Accept` asks for.
#[utoipa::path(
    tag = "recipes",
    operation_id = "read_recipe",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(
        ("id" = Uuid, Path),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that is known."),
        ViewQuery,
    ),
    responses(
        (
            status = 200,
            content(
                (RecipeBody = "application/json"),
                (JsonLdBody = "application/ld+json"),
                (String = "text/html"),
                (String = "text/markdown"),
                (String = "text/x-cooklang"),
            ),
            headers(("ETag" = String, description = "Its version.")),
        ),
        (status = 304, description = "It is the one that is known."),
    ),
)]
#[get("/v1/recipes/{id}")]
pub async fn read(
    auth: MaybeAuth,
    id: IdPath<RecipeId>,
    form: Wanted,
    view: Query<ViewQuery>,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let (known, view) = (Condition::if_none_match(request.headers())?, view.0.view()?);
    let recipe = recipes.read(id.0, reader(&auth)).await?;
    Answer::to_reader(recipe, recipes.links(), &auth).shown(form.0, view).unless(&known)
}
