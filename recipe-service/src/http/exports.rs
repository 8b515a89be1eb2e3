use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use common::web::auth::Scoped;
use common::web::{NoQuery, Problem};

use super::author::author;
use super::scopes::RecipesRead;
use crate::service::images::Images;
use crate::service::recipes::Recipes;

/// Takes all of one's recipes along: a zip with a file of JSON-LD for each, with all its versions, the images of these, and
/// what one keeps about the recipes of others. The same recipes are the same bytes.
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
    let archive = recipes.export(author(&auth)?, images.files()).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "application/zip"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"recipes.zip\""))
        .insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.body(archive))
}
