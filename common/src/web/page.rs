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

/// The value of `Link` that leads to the page of this cursor.
pub fn next(request: &HttpRequest, cursor: &str) -> HeaderValue {
    header(&link(request, ("cursor", cursor), "next"))
}

/// The value of `Link` that leads to other pages of so many: each a number and its relation.
pub fn numbered(request: &HttpRequest, pages: &[(u32, &str)]) -> HeaderValue {
    let links: Vec<String> =
        pages.iter().map(|(page, relation)| link(request, ("page", &page.to_string()), relation)).collect();
    header(&links.join(", "))
}

/// The same address with another value of one parameter: a query alone (RFC 3986 §5.2), so that it holds behind a gateway
/// that has the service below a path of its own.
fn link(request: &HttpRequest, (name, value): (&str, &str), relation: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let given = form_urlencoded::parse(request.query_string().as_bytes());
    query.extend_pairs(given.filter(|(given, _)| given != name));
    query.append_pair(name, value);
    format!("<?{}>; rel=\"{relation}\"", query.finish())
}

fn header(links: &str) -> HeaderValue {
    HeaderValue::from_str(links).expect("BUG: a path or query has characters that no header may have")
}
