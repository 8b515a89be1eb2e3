//! Pages of a list: `limit`, `next_cursor`, and the same as a `Link` (RFC 8288).

use actix_web::body::BoxBody;
use actix_web::http::header::{HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Deserializer, Serialize};
use url::form_urlencoded;

/// How many items a page may have: 1 to 100, and 20 unless asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, utoipa::ToSchema)]
#[schema(value_type = u32, minimum = 1, maximum = 100, default = 20)]
pub struct Limit(u32);

impl Limit {
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            limit @ 1..=100 => Ok(Self(limit)),
            _ => Err(serde::de::Error::custom("beyond 1 to 100")),
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(cursor) = &self.next_cursor {
            response.insert_header((LINK, next(request, cursor)));
        }
        response.json(&self)
    }
}

/// The same address with the cursor of the next page; relative, so that it holds behind any gateway.
fn next(request: &HttpRequest, cursor: &str) -> HeaderValue {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let given = form_urlencoded::parse(request.query_string().as_bytes());
    query.extend_pairs(given.filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", cursor);
    let link = format!("<{}?{}>; rel=\"next\"", request.path(), query.finish());
    HeaderValue::from_str(&link).expect("BUG: a path or query has characters that no header may have")
}
