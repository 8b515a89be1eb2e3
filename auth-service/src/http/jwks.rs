use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::web::etag::{Condition, ETag};
use common::web::{NoQuery, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Auth;

/// The public keys (RFC 7517 §5).
#[derive(Serialize, ToSchema)]
#[schema(as = JsonWebKeySet)]
#[allow(dead_code, reason = "it describes to the OpenAPI document what the keyring writes")]
pub struct KeySetAnswer {
    /// The life of the signing keys: a later one counts for everything, an earlier one for nothing.
    epoch: uuid::Uuid,
    keys: Vec<serde_json::Value>,
}

/// For how long verifiers and caches between may keep the keys; the feed says at once when they changed.
const CACHED: &str = "public, max-age=60, stale-while-revalidate=30, stale-if-error=86400";

/// The public keys that access tokens are signed with, now and soon.
#[utoipa::path(
    tag = "keys", security(()),
    responses(
        (status = 200, body = KeySetAnswer, content_type = "application/jwk-set+json"),
        (status = 304, description = "As the caller has it."),
    )
)]
#[get("/.well-known/jwks.json")]
pub async fn jwks(request: HttpRequest, _: NoQuery, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    let jwks = auth.jwks();
    let etag = ETag::new(&jwks.digest);
    let is_unchanged = Condition::if_none_match(request.headers())?.matches_weakly(&etag);
    let mut response = if is_unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, etag.header_value())).insert_header((CACHE_CONTROL, CACHED));
    if is_unchanged {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, "application/jwk-set+json")).body(jwks.body.clone()))
}
