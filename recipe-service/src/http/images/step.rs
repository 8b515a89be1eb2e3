use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, put};
use common::web::auth::{MaybeAuth, Scoped};
use common::web::{IdPath, NoQuery, Problem, Query};

use super::answer::answer_at;
use super::query::SizeQuery;
use super::upload::{Sent, take};
use crate::domain::ids::{PartId, RecipeId};
use crate::domain::image::Place;
use crate::http::author::author;
use crate::http::recipes::{Answer, RecipeBody, expected};
use crate::http::scopes::RecipesWrite;
use crate::service::images::{Images, Spot};

/// Gives a step of one's recipe an image: a JPEG, PNG, WebP or GIF, of which the first picture counts.
///
/// What it is says its first bytes, not `Content-Type`. It is encoded anew in up to three sizes, turned as the camera was held;
/// nothing else of what was sent is kept, such as where a photo was taken. The same image again changes nothing.
#[utoipa::path(
    tag = "images",
    operation_id = "put_step_image",
    security(("bearerAuth" = ["recipes:write"])),
    params(
        ("id" = Uuid, Path),
        ("step" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was last answered."),
    ),
    request_body(
        content(
            (Sent = "image/jpeg"), (Sent = "image/png"), (Sent = "image/webp"), (Sent = "image/gif"),
            (Sent = "application/octet-stream"),
        ),
        description = "Up to 10 MiB and 24 megapixels.",
    ),
    responses((status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version.")))),
)]
#[put("/v1/recipes/{id}/steps/{step}/image")]
pub async fn put(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    step: IdPath<PartId, 1>,
    _: NoQuery,
    request: HttpRequest,
    payload: Payload,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let spot = Spot { recipe: id.0, place: Place::Step(step.0), sub: author(&auth)? };
    let recipe = take(&request, payload, &images, spot).await?;
    Ok(Answer::to_author(recipe, images.links()).ok())
}

/// Reads the image of a step, as it is now. The addresses in the recipe are those of its sizes, which stay as they are.
#[utoipa::path(
    tag = "images",
    operation_id = "read_step_image",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(
        ("id" = Uuid, Path),
        ("step" = Uuid, Path),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that is known."),
        SizeQuery,
    ),
    responses(
        (
            status = 200,
            content((Sent = "image/jpeg"), (Sent = "image/png")),
            headers(("ETag" = String, description = "The image and its size.")),
        ),
        (status = 304, description = "It is the one that is known."),
    ),
)]
#[get("/v1/recipes/{id}/steps/{step}/image")]
pub async fn read(
    auth: MaybeAuth,
    id: IdPath<RecipeId>,
    step: IdPath<PartId, 1>,
    query: Query<SizeQuery>,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    answer_at(Place::Step(step.0), id.0, &auth, query.0, request.headers(), &images).await
}

/// Takes the image of a step of one's recipe away. Again is harmless.
#[utoipa::path(
    tag = "images",
    operation_id = "delete_step_image",
    security(("bearerAuth" = ["recipes:write"])),
    params(
        ("id" = Uuid, Path),
        ("step" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was last answered."),
    ),
    responses((status = 204, description = "There is none.")),
)]
#[delete("/v1/recipes/{id}/steps/{step}/image")]
pub async fn remove(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    step: IdPath<PartId, 1>,
    _: NoQuery,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let spot = Spot { recipe: id.0, place: Place::Step(step.0), sub: author(&auth)? };
    images.remove(spot, expected(request.headers())?).await?;
    Ok(HttpResponse::NoContent().finish())
}
