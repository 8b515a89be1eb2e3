use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::web::auth::MaybeAuth;
use common::web::{IdPath, NoQuery, Problem, codes};

use super::answer::{FOR_EVER, FOR_EVER_FOR_ONE, answer};
use super::name::FileName;
use super::upload::Sent;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Image, ImageHash, Size};
use crate::domain::share::ShareToken;
use crate::http::recipes::{FOR_NOW, unkept};
use crate::http::scopes::reader;
use crate::service::images::Images;
use crate::service::recipes::Wish;

/// Reads an image under the address that a recipe names it by, which stays as it is for ever.
///
/// Its author reads those of earlier versions, too.
#[utoipa::path(
    tag = "images",
    operation_id = "read_image",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(
        ("id" = Uuid, Path),
        ("hash" = String, Path, description = "What the image is known by."),
        ("file" = String, Path, description = "A size and a kind: `960.jpg`."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that is known."),
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
#[get("/v1/recipes/{id}/images/{hash}/{file}")]
pub async fn read(
    auth: MaybeAuth,
    id: IdPath<RecipeId>,
    hash: IdPath<ImageHash, 1>,
    file: IdPath<FileName, 2>,
    _: NoQuery,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let seen = images.find(id.0, reader(&auth), Wish::Of(hash.0)).await?;
    let size = size(&file.0, &seen.image)?;
    let cache = if seen.is_public { FOR_EVER } else { FOR_EVER_FOR_ONE };
    answer(&images, request.headers(), &seen.image, size, cache).await
}

/// Reads an image of the recipe that a link leads to. No token of an account is looked at.
#[utoipa::path(
    tag = "images",
    operation_id = "read_shared_image",
    security(()),
    params(
        ("token" = String, Path, description = "What the link's maker was told."),
        ("hash" = String, Path, description = "What the image is known by."),
        ("file" = String, Path, description = "A size and a kind: `960.jpg`."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that is known."),
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
#[get("/v1/shared/{token}/images/{hash}/{file}")]
pub async fn shared(
    token: IdPath<ShareToken>,
    hash: IdPath<ImageHash, 1>,
    file: IdPath<FileName, 2>,
    _: NoQuery,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let found = images.find_shared(token.0, hash.0).await;
    let image = found.map_err(|error| unkept(error.into()))?;
    let size = size(&file.0, &image)?;
    answer(&images, request.headers(), &image, size, FOR_NOW).await
}

fn size(file: &FileName, image: &Image) -> Result<Size, Problem> {
    file.of(image).ok_or_else(|| Problem::new(&codes::NOT_FOUND))
}
