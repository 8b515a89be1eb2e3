use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, delete, get, post};
use common::time::Instant;
use common::web::auth::Scoped;
use common::web::{CursorSealer, IdPath, NoQuery, Page, Problem, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, FOR_ONE};
use super::body::RecipeBody;
use super::page::{PageQuery, cut};
use super::summary::SummaryBody;
use crate::domain::ids::RecipeId;
use crate::domain::image::Links;
use crate::domain::recipe::{TRASH, Trashed};
use crate::http::author::author;
use crate::http::scopes::{RecipesRead, RecipesWrite};
use crate::service::recipes::{Recipes, TrashPosition};

/// A recipe in the trash.
#[derive(Serialize, ToSchema)]
#[schema(as = Trashed)]
pub struct TrashedBody {
    #[serde(flatten)]
    summary: SummaryBody,
    deleted_at: Instant,
    /// When it is erased for good.
    erased_at: Instant,
}

impl TrashedBody {
    fn of(trashed: Trashed, links: &Links) -> Self {
        let Trashed { summary, deleted_at } = trashed;
        Self { summary: SummaryBody::of(summary, links), deleted_at, erased_at: deleted_at + TRASH }
    }
}

/// Lists what one has thrown away within 30 days, the latest first.
#[utoipa::path(
    tag = "trash",
    operation_id = "list_trash",
    security(("bearerAuth" = ["recipes:read"])),
    params(PageQuery),
    responses((
        status = 200, body = Page<TrashedBody>,
        headers(("Link" = Option<String>, description = "`rel=\"next\"`: the next page.")),
    )),
)]
#[get("/v1/trash")]
pub async fn list(
    auth: Scoped<RecipesRead>,
    query: Query<PageQuery>,
    cursors: Data<CursorSealer>,
    recipes: Data<Recipes>,
) -> Result<impl Responder, Problem> {
    let sub = author(&auth)?;
    let bound_to = ["GET /v1/trash", auth.subject()];
    let (after, limit) = query.0.open(&cursors, &bound_to)?;
    let found = recipes.trash(sub, after, limit + 1).await?;
    let body = |trashed| TrashedBody::of(trashed, recipes.links());
    let page = cut(found, limit, |last| cursors.seal(&position(last), &bound_to), body);
    Ok(page.customize().insert_header((CACHE_CONTROL, FOR_ONE)))
}

fn position(last: &Trashed) -> TrashPosition {
    TrashPosition { deleted_at: last.deleted_at, id: last.summary.id }
}

/// Takes one's recipe out of the trash, as it was. Again is harmless.
#[utoipa::path(
    tag = "trash",
    operation_id = "undelete_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path)),
    responses((status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version.")))),
)]
#[post("/v1/recipes/{id}/undelete")]
pub async fn undelete(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let recipe = recipes.undelete(id.0, author(&auth)?).await?;
    Ok(Answer::to_author(recipe, recipes.links()).ok())
}

/// Erases a recipe that is in one's trash, for good and with all its versions.
#[utoipa::path(
    tag = "trash",
    operation_id = "erase_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone.")),
)]
#[delete("/v1/trash/{id}")]
pub async fn erase(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    recipes.erase(id.0, author(&auth)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
