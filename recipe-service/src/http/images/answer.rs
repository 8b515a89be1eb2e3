use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, REFERRER_POLICY, VARY};
use common::web::Problem;
use common::web::auth::MaybeAuth;
use common::web::etag::{Condition, ETag};

use super::query::SizeQuery;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Image, Place, Size};
use crate::http::recipes::{FOR_ALL, FOR_NOW, FOR_ONE, NO_REFERRER};
use crate::http::scopes::reader;
use crate::service::images::Images;
use crate::service::recipes::Wish;

/// What answers depend on besides their address.
const VARIES: &str = "Authorization, Cookie";

/// What is under its own hash stays as it is for ever, for everyone or for one caller.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";
pub const FOR_EVER_FOR_ONE: &str = "private, max-age=31536000, immutable";

/// The image that a place of a recipe has now, in the size that is wanted.
pub async fn answer_at(
    place: Place,
    id: RecipeId,
    auth: &MaybeAuth,
    wanted: SizeQuery,
    headers: &HeaderMap,
    images: &Images,
) -> Result<HttpResponse, Problem> {
    let seen = images.find(id, reader(auth), Wish::At(place)).await?;
    let size = seen.image.at_least(wanted.bound());
    let cache = if seen.is_public && auth.0.is_none() { FOR_ALL } else { FOR_ONE };
    answer(images, headers, &seen.image, size, cache).await
}

/// The file of an image, or 304 to who has it already.
pub async fn answer(
    images: &Images,
    headers: &HeaderMap,
    image: &Image,
    size: Size,
    cache: &'static str,
) -> Result<HttpResponse, Problem> {
    let etag = ETag::new(format_args!("{}-{}", image.hash, size.within));
    let is_known = Condition::if_none_match(headers)?.matches_weakly(&etag);
    let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((ETAG, etag.header_value()))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((VARY, VARIES));
    if cache == FOR_NOW {
        response.insert_header((REFERRER_POLICY, NO_REFERRER));
    }
    if is_known {
        return Ok(response.finish());
    }
    let file = images.read(image, size).await?;
    Ok(response.insert_header((CONTENT_TYPE, image.kind.media_type())).body(file))
}
