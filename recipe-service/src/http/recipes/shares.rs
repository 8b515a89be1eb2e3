use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, delete, get, post};
use common::time::Instant;
use common::web::auth::Scoped;
use common::web::{CursorSealer, IdPath, NoQuery, OptionalJson, Page, Problem, Query, Validate};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::FOR_ONE;
use super::page::{PageQuery, cut};
use crate::domain::ids::{RecipeId, ShareId};
use crate::domain::share::{Share, ShareDraft};
use crate::http::author::author;
use crate::http::scopes::{RecipesRead, RecipesWrite};
use crate::service::recipes::{NewShare, Recipes};

/// A link to a recipe.
#[derive(Serialize, ToSchema)]
#[schema(as = Share)]
pub struct ShareBody {
    #[schema(value_type = Uuid)]
    id: ShareId,
    created_at: Instant,
    expires_at: Instant,
}

/// A link that was just made. The token is told once.
#[derive(Serialize, ToSchema)]
#[schema(as = NewShare)]
pub struct NewShareBody {
    #[serde(flatten)]
    share: ShareBody,
    token: String,
    /// Where whoever has the link reads the recipe.
    #[schema(example = "/v1/shared/3q2-7wAAAAAAAAAAAAAAAA")]
    path: String,
}

impl From<Share> for ShareBody {
    fn from(share: Share) -> Self {
        let Share { id, created_at, expires_at } = share;
        Self { id, created_at, expires_at }
    }
}

impl From<NewShare> for NewShareBody {
    fn from(new: NewShare) -> Self {
        let token = new.token.expose();
        Self { share: new.share.into(), path: format!("/v1/shared/{token}"), token }
    }
}

impl Validate for ShareDraft {}

/// Makes a link by which anyone reads one's recipe until it expires.
#[utoipa::path(
    tag = "shares",
    operation_id = "share_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path)),
    request_body = Option<ShareDraft>,
    responses((
        status = 201, body = NewShareBody,
        headers(("Location" = String, description = "Where the link is ended.")),
    )),
)]
#[post("/v1/recipes/{id}/shares")]
pub async fn make(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    draft: OptionalJson<ShareDraft>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let made = recipes.share(id.0, author(&auth)?, draft.0.unwrap_or_default()).await?;
    let location = format!("/v1/recipes/{}/shares/{}", id.0, made.share.id);
    let mut response = HttpResponse::Created();
    response.insert_header((LOCATION, location)).insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.json(NewShareBody::from(made)))
}

/// Lists the links to one's recipe that have not expired, the latest first.
#[utoipa::path(
    tag = "shares",
    operation_id = "list_shares",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path), PageQuery),
    responses((
        status = 200, body = Page<ShareBody>,
        headers(("Link" = Option<String>, description = "`rel=\"next\"`: the next page.")),
    )),
)]
#[get("/v1/recipes/{id}/shares")]
pub async fn list(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    query: Query<PageQuery>,
    cursors: Data<CursorSealer>,
    recipes: Data<Recipes>,
) -> Result<impl Responder, Problem> {
    let (sub, recipe) = (author(&auth)?, id.0.to_string());
    let bound_to = ["GET /v1/recipes/{id}/shares", &recipe, auth.subject()];
    let (before, limit) = query.0.open(&cursors, &bound_to)?;
    let found = recipes.shares(id.0, sub, before, limit + 1).await?;
    let page = cut(found, limit, |last| cursors.seal(&last.id, &bound_to), ShareBody::from);
    Ok(page.customize().insert_header((CACHE_CONTROL, FOR_ONE)))
}

/// Ends a link to one's recipe at once.
#[utoipa::path(
    tag = "shares",
    operation_id = "revoke_share",
    security(("bearerAuth" = ["recipes:write"])),
    params(("id" = Uuid, Path), ("share" = Uuid, Path)),
    responses((status = 204, description = "It leads nowhere any more.")),
)]
#[delete("/v1/recipes/{id}/shares/{share}")]
pub async fn revoke(
    auth: Scoped<RecipesWrite>,
    id: IdPath<RecipeId>,
    share: IdPath<ShareId, 1>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    recipes.revoke_share(id.0, author(&auth)?, share.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
