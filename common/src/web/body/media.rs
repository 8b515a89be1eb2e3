//! Which media types and codings are read, and how the others are refused (RFC 9110 §15.5.16).

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};

use crate::web::codes;
use crate::web::problem::Problem;

pub(super) const JSON: &[&str] = &["application/json"];
pub(super) const MERGE_PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

pub(super) fn check(request: &HttpRequest, accepted: &[&str]) -> Result<(), Problem> {
    media_type(request, accepted).map(drop)
}

/// Which of the accepted media types a body has. One that is compressed, of another type, or of another charset than
/// UTF-8 is refused.
pub fn media_type<'a>(request: &HttpRequest, accepted: &[&'a str]) -> Result<&'a str, Problem> {
    refuse_coding(request.headers())?;
    let mut types = request.headers().get_all(CONTENT_TYPE);
    let known = match (types.next(), types.next()) {
        (Some(only), None) => only.to_str().ok().and_then(|text| one_of(text, accepted)),
        _ => None,
    };
    known.ok_or_else(|| unsupported(request.method(), accepted))
}

/// Refuses a body that is compressed.
pub fn refuse_coding(headers: &HeaderMap) -> Result<(), Problem> {
    // Nothing is inflated here, so there are no bombs to defuse.
    let plain =
        headers.get_all(CONTENT_ENCODING).all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if plain {
        return Ok(());
    }
    Err(Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE)
        .detail("Bodies are read without a content coding.")
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

fn one_of<'a>(content_type: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let known = accepted.iter().find(|known| essence.eq_ignore_ascii_case(known));
    known.copied().filter(|_| parts.all(is_harmless_parameter))
}

fn is_harmless_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.trim_end().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    }
}

fn unsupported(method: &Method, accepted: &[&str]) -> Problem {
    let list = accepted.join(", ");
    let value = HeaderValue::from_str(&list).expect("BUG: a media type is not a header value");
    let name = if *method == Method::PATCH { "accept-patch" } else { "accept-post" };
    Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE)
        .detail(format!("The body is read as {list} in UTF-8."))
        .header(HeaderName::from_static(name), value)
}
