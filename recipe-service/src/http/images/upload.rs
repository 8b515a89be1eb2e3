use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data, Payload};
use common::web::{Problem, read_body, refuse_coding};
use utoipa::ToSchema;

use crate::domain::image::MAX_BYTES;
use crate::domain::recipe::Recipe;
use crate::http::recipes::expected;
use crate::service::images::{Images, Spot};

/// An image as it is sent.
#[derive(ToSchema)]
#[schema(as = ImageFile, value_type = String, format = Binary)]
pub struct Sent(());

/// Takes in the image that a request sends. Whether its sender may send it is known before the body is read.
pub async fn take(
    request: &HttpRequest,
    payload: Payload,
    images: &Data<Images>,
    spot: Spot,
) -> Result<Recipe, Problem> {
    let expected = expected(request.headers())?;
    let turn = images.admit(&spot).await?;
    refuse_coding(request.headers())?;
    let bytes: Bytes = read_body(request, payload.into_inner(), MAX_BYTES).await?;
    Ok(images.put(spot, turn, expected, bytes).await?)
}
