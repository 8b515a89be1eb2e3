use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use common::web::auth::Scoped;
use common::web::{NoQuery, Problem};
use futures_util::Stream;
use futures_util::stream::try_unfold;

use super::author::author;
use super::scopes::RecipesRead;
use crate::error::Error;
use crate::service::images::Images;
use crate::service::recipes::{Export, Recipes};

/// Takes all of one's recipes along: a zip with a file of JSON-LD for each, with all its versions, the images of these, and
/// what one keeps about the recipes of others. The same recipes are the same bytes.
///
/// It is read while it is sent: a recipe that is changed meanwhile is in it as it was or as it is. What is cut off is no zip.
#[utoipa::path(
    tag = "exports",
    operation_id = "export_recipes",
    security(("bearerAuth" = ["recipes:read"])),
    responses((status = 200, body = String, content_type = "application/zip")),
)]
#[get("/v1/exports")]
pub async fn export(
    auth: Scoped<RecipesRead>,
    _: NoQuery,
    recipes: Data<Recipes>,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let export = recipes.export(author(&auth)?, images.files().clone()).await?;
    // What fails at once is still answered as what it is.
    let (first, rest) = export.next().await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "application/zip"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recipes.zip\""))
        .insert_header((CACHE_CONTROL, "no-store"));
    Ok(match rest {
        None => response.body(first),
        Some(rest) => response.streaming(pieces(first, rest)),
    })
}

fn pieces(first: Vec<u8>, rest: Export) -> impl Stream<Item = Result<Bytes, Error>> {
    try_unfold((Some(first), Some(rest)), |(first, rest)| async {
        if let Some(first) = first {
            return Ok(Some((Bytes::from(first), (None, rest))));
        }
        let Some(rest) = rest else { return Ok(None) };
        let next = rest.next().await.inspect_err(|error| log::error!(error:%; "an export breaks off"));
        let (piece, rest) = next?;
        Ok(Some((Bytes::from(piece), (None, rest))))
    })
}
