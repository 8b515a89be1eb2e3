use actix_web::http::header::{CACHE_CONTROL, VARY};
use actix_web::web::Data;
use actix_web::{Responder, get};
use common::web::auth::MaybeAuth;
use common::web::{CursorSealer, Page, Problem, Query};

use super::accept::AcceptsJson;
use super::answer::{FOR_ALL, FOR_ONE, VARIES};
use super::query::ListQuery;
use super::summary::SummaryBody;
use crate::http::scopes::reader;
use crate::service::recipes::{Recipes, Wanted};

/// Lists public recipes and, to who may read them, one's own.
#[utoipa::path(
    tag = "recipes",
    operation_id = "list_recipes",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(ListQuery),
    responses((
        status = 200, body = Page<SummaryBody>,
        headers(("Link" = Option<String>, description = "`rel=\"next\"`: the next page.")),
    )),
)]
#[get("/v1/recipes")]
pub async fn list(
    auth: MaybeAuth,
    _: AcceptsJson,
    query: Query<ListQuery>,
    cursors: Data<CursorSealer>,
    recipes: Data<Recipes>,
) -> Result<impl Responder, Problem> {
    let Query(query) = query;
    let (reader, filters, sort) = (reader(&auth), query.filters(), query.sort());
    // Another caller, or another order, would make something else of the same place.
    let asked = serde_json::json!([filters, sort, reader]).to_string();
    let bound_to = ["GET /v1/recipes", asked.as_str()];
    let after = query.cursor.map(|cursor| cursors.open(&cursor, &bound_to)).transpose()?;
    let page = recipes.list(Wanted { reader, filters, sort, after, limit: query.limit.get() }).await?;
    let page = Page {
        items: page.items.into_iter().map(SummaryBody::from).collect(),
        next_cursor: page.next.map(|position| cursors.seal(&position, &bound_to)),
    };
    let cache = if auth.0.is_none() { FOR_ALL } else { FOR_ONE };
    Ok(page.customize().insert_header((CACHE_CONTROL, cache)).insert_header((VARY, VARIES)))
}
