//! Refusals of what never became a request: actix's own have no body, and there is no request that could be answered.

use crate::clock::Clock;
use crate::web::codes::{self, Code};
use crate::web::problem::Problem;

/// What to send instead of these bytes, if they are a refusal that actix wrote by itself.
pub(super) fn in_place_of(written: &[u8], public_url: &str) -> Option<(u16, Vec<u8>)> {
    let written = std::str::from_utf8(written).ok()?;
    let code = match written.get(..12)? {
        "HTTP/1.1 400" => &codes::MALFORMED_REQUEST,
        "HTTP/1.1 431" => &codes::HEAD_TOO_LARGE,
        _ => return None,
    };
    let (head, rest) = written.split_once("content-length: 0\r\n")?;
    if !rest.ends_with("\r\n\r\n") {
        return None;
    }
    let (fields, body) = problem(code, public_url);
    let fields = format!("{head}{fields}{}", &rest[..rest.len() - 2]);
    Some((code.status, message(&fields, &body)))
}

/// What a client is told whose head took too long.
pub(super) fn too_slow(public_url: &str, clock: &Clock) -> Vec<u8> {
    let (fields, body) = problem(&codes::REQUEST_TIMEOUT, public_url);
    let date = clock.now().http_date();
    message(&format!("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ndate: {date}\r\n{fields}"), &body)
}

fn message(fields: &str, body: &[u8]) -> Vec<u8> {
    [fields.as_bytes(), b"\r\n", body].concat()
}

/// The header fields that every problem has, and its body.
fn problem(code: &'static Code, public_url: &str) -> (String, Vec<u8>) {
    let request_id = uuid::Uuid::new_v4().simple().to_string();
    let body = serde_json::to_vec(&Problem::new(code).body(public_url, &request_id));
    let body = body.expect("BUG: a problem is not JSON");
    let fields = format!(
        "content-length: {}\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nx-request-id: {request_id}\r\n",
        body.len()
    );
    (fields, body)
}
