use std::collections::BTreeMap;

use actix_web::http::header::{CACHE_CONTROL, LINK, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::web::auth::MaybeAuth;
use common::web::{CursorSealer, Problem, Query, page};
use serde::Serialize;
use utoipa::ToSchema;

use super::accept::AcceptsJson;
use super::answer::{FOR_ALL, FOR_ONE, VARIES};
use super::query::{ListQuery, Numbered};
use super::summary::SummaryBody;
use crate::domain::image::Links;
use crate::domain::listing::{Count, Facet};
use crate::http::scopes::reader;
use crate::service::recipes::{Page, Place, Recipes, Wanted};

/// One page of a list of recipes.
#[derive(Serialize, ToSchema)]
#[schema(as = Page_Summary)]
pub struct ListBody {
    items: Vec<SummaryBody>,
    /// What to send as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
    /// How many recipes all pages have, where they are numbered or counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    total: Option<i64>,
    /// For each facet that was asked for, the words that most recipes of all pages have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    facets: Option<BTreeMap<&'static str, Vec<CountBody>>>,
}

/// How many recipes have a word.
#[derive(Serialize, ToSchema)]
#[schema(as = Count)]
pub struct CountBody {
    /// In lower case.
    value: String,
    count: i64,
}

/// Lists public recipes and, to who may read them, one's own.
#[utoipa::path(
    tag = "recipes",
    operation_id = "list_recipes",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(ListQuery),
    responses((
        status = 200, body = ListBody,
        headers(("Link" = Option<String>, description = "`rel=\"next\"`: the next page; of numbered ones others, too.")),
    )),
)]
#[get("/v1/recipes")]
pub async fn list(
    auth: MaybeAuth,
    _: AcceptsJson,
    query: Query<ListQuery>,
    request: HttpRequest,
    cursors: Data<CursorSealer>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let Query(query) = query;
    let (reader, filters, sort, facets) = (reader(&auth), query.filters(), query.sort(), query.facets());
    // Another caller, or another order, would make something else of the same place.
    let asked = serde_json::json!([filters, sort, reader]).to_string();
    let bound_to = ["GET /v1/recipes", asked.as_str()];
    let numbered = query.numbered()?;
    let (place, limit) = match numbered {
        Some(numbered) => (Place::Behind(numbered.skip()), numbered.size),
        None => {
            let after = query.cursor.as_ref().map(|cursor| cursors.open(cursor, &bound_to)).transpose()?;
            (Place::After(after), query.limit())
        }
    };
    let highlighted = query.is_highlighted();
    let wanted = Wanted { reader, filters, sort, place, limit, highlighted, facets: facets.clone() };
    let found = recipes.list(wanted).await?;
    let next_cursor = found.next.as_ref().map(|position| cursors.seal(position, &bound_to));
    let cache = if auth.0.is_none() { FOR_ALL } else { FOR_ONE };
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, cache)).insert_header((VARY, VARIES));
    if let Some(link) = link(&request, numbered, &found, next_cursor.as_deref()) {
        response.insert_header((LINK, link));
    }
    Ok(response.json(body(found, next_cursor, &facets, recipes.links())))
}

fn link(
    request: &HttpRequest,
    numbered: Option<Numbered>,
    found: &Page,
    next_cursor: Option<&str>,
) -> Option<actix_web::http::header::HeaderValue> {
    match numbered {
        Some(numbered) => Some(page::numbered(request, &numbered.others(found.total.unwrap_or_default()))),
        None => next_cursor.map(|cursor| page::next(request, cursor)),
    }
}

fn body(found: Page, next_cursor: Option<String>, facets: &[Facet], links: &Links) -> ListBody {
    let Page { items, total, counts, .. } = found;
    ListBody {
        items: items.into_iter().map(|item| SummaryBody::of(item, links)).collect(),
        next_cursor,
        total,
        facets: (!facets.is_empty()).then(|| by_facet(counts, facets)),
    }
}

fn by_facet(counts: Vec<Count>, facets: &[Facet]) -> BTreeMap<&'static str, Vec<CountBody>> {
    let mut by_facet: BTreeMap<_, Vec<_>> = facets.iter().map(|facet| (facet.as_str(), Vec::new())).collect();
    for Count { facet, word, count } in counts {
        by_facet.entry(facet.as_str()).or_default().push(CountBody { value: word, count });
    }
    by_facet
}
