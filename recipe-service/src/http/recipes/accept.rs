use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use common::web::{Problem, codes};

/// The caller takes JSON, which is the form that recipes are answered in. Refuses with 406.
pub struct AcceptsJson;

impl FromRequest for AcceptsJson {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let accepts = accepts_json(request.headers());
        ready(if accepts { Ok(Self) } else { Err(Problem::new(&codes::NOT_ACCEPTABLE)) })
    }
}

/// RFC 9110 §12.5.1: the most specific range that matches decides, and a weight of zero excludes.
fn accepts_json(headers: &HeaderMap) -> bool {
    let lines: Vec<&str> = headers.get_all(ACCEPT).filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return true;
    }
    let ranges: Vec<(&str, bool)> = lines.iter().flat_map(|line| line.split(',')).map(range).collect();
    let decisive = ["application/json", "application/*", "*/*"].into_iter().find_map(|form| {
        ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(form)).map(|(_, wanted)| *wanted)
    });
    decisive.unwrap_or(false)
}

/// A media range, and whether it is wanted at all.
fn range(text: &str) -> (&str, bool) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let wanted = weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0));
    (range, wanted)
}
