use std::str::FromStr;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, get, post};
use common::time::Instant;
use common::web::auth::Scoped;
use common::web::{CursorSealer, IdPath, NoQuery, Page, Problem, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, FOR_ONE};
use super::body::{self, OwnerBody, RecipeBody, owner};
use super::conditions::expected;
use super::page::{PageQuery, cut};
use crate::domain::document::Document;
use crate::domain::ids::RecipeId;
use crate::domain::image::{Gallery, Picture};
use crate::domain::recipe::{Owner, Revision, RevisionSummary};
use crate::domain::visibility::Visibility;
use crate::http::author::author;
use crate::http::scopes::{RecipesRead, RecipesWrite};
use crate::service::recipes::Recipes;

/// The number of a version in a path.
pub struct Version(i64);

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| is_number).map(Self).ok_or(())
    }
}

/// What a list says of a version.
#[derive(Serialize, ToSchema)]
#[schema(as = RevisionSummary)]
pub struct RevisionSummaryBody {
    version: i64,
    title: String,
    visibility: Visibility,
    #[serde(serialize_with = "owner")]
    #[schema(value_type = OwnerBody)]
    saved_by: Owner,
    saved_at: Instant,
}

/// What is known of a version besides its document.
#[derive(Serialize, ToSchema)]
pub struct RevisionHead<'a> {
    version: i64,
    visibility: Visibility,
    saved_by: OwnerBody<'a>,
    saved_at: Instant,
    cover: Option<Picture>,
}

/// What was written in one version of a recipe.
#[derive(ToSchema)]
#[schema(as = Revision)]
#[expect(dead_code, reason = "it describes to the OpenAPI document what `body::json` writes")]
pub struct RevisionBody<'a> {
    #[serde(flatten)]
    head: RevisionHead<'a>,
    #[serde(flatten)]
    document: Document,
}

impl From<RevisionSummary> for RevisionSummaryBody {
    fn from(revision: RevisionSummary) -> Self {
        let RevisionSummary { version, saved_by, saved_at, visibility, title } = revision;
        Self { version, title, visibility, saved_by, saved_at }
    }
}

/// Lists the versions of one's recipe, the latest first.
#[utoipa::path(
    tag = "revisions",
    operation_id = "list_revisions",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path), PageQuery),
    responses((
        status = 200, body = Page<RevisionSummaryBody>,
        headers(("Link" = Option<String>, description = "`rel=\"next\"`: the next page.")),
    )),
)]
#[get("/v1/recipes/{id}/revisions")]
pub async fn list(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    query: Query<PageQuery>,
    cursors: Data<CursorSealer>,
    recipes: Data<Recipes>,
) -> Result<impl Responder, Problem> {
    let (sub, recipe) = (author(&auth)?, id.0.to_string());
    let bound_to = ["GET /v1/recipes/{id}/revisions", &recipe, auth.subject()];
    let (before, limit) = query.0.open(&cursors, &bound_to)?;
    let found = recipes.revisions(id.0, sub, before, limit + 1).await?;
    let page = cut(found, limit, |last| cursors.seal(&last.version, &bound_to), RevisionSummaryBody::from);
    Ok(page.customize().insert_header((CACHE_CONTROL, FOR_ONE)))
}

/// Reads one version of one's recipe.
#[utoipa::path(
    tag = "revisions",
    operation_id = "read_revision",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path), ("version" = i64, Path)),
    responses((status = 200, body = RevisionBody)),
)]
#[get("/v1/recipes/{id}/revisions/{version}")]
pub async fn read(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    version: IdPath<Version, 1>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let revision = recipes.revision(id.0, author(&auth)?, version.0.0).await?;
    let gallery = recipes.links().of_recipe(id.0);
    let Revision { document, visibility, images, .. } = &revision;
    let document = body::illustrated(document, *visibility, images, &gallery);
    let body = body::json(&head(&revision, &gallery), &document);
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "application/json")).insert_header((CACHE_CONTROL, FOR_ONE));
    Ok(response.body(body))
}

/// Makes an earlier version of one's recipe the newest one. Who may see the recipe stays as it is.
#[utoipa::path(
    tag = "revisions",
    operation_id = "restore_revision",
    security(("bearerAuth" = ["recipes:write"])),
    params(
        ("id" = Uuid, Path),
        ("version" = i64, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that was last answered."),
    ),
    responses((status = 200, body = RecipeBody, headers(("ETag" = String, description = "Its version.")))),
)]
#[post("/v1/recipes/{id}/revisions/{version}/restore")]
pub async fn restore(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    version: IdPath<Version, 1>,
    _: NoQuery,
    request: HttpRequest,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let expected = expected(request.headers())?;
    let recipe = recipes.restore(id.0, author(&auth)?, version.0.0, expected).await?;
    Ok(Answer::to_author(recipe, recipes.links()).ok())
}

fn head(revision: &Revision, gallery: &Gallery) -> Vec<u8> {
    let head = RevisionHead {
        version: revision.version,
        visibility: revision.visibility,
        saved_by: OwnerBody::from(&revision.saved_by),
        saved_at: revision.saved_at,
        cover: revision.images.cover.as_ref().map(|cover| gallery.picture(cover)),
    };
    serde_json::to_vec(&head).expect("BUG: a head does not serialise")
}
