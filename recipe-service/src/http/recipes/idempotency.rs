use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use common::web::{Problem, codes};

/// The header `Idempotency-Key`, if it is there: up to 255 visible characters. Refuses with 400.
pub struct IdempotencyKey(pub Option<String>);

const MAX_BYTES: usize = 255;

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut lines = request.headers().get_all("idempotency-key");
        ready(match (lines.next(), lines.next()) {
            (None, _) => Ok(Self(None)),
            (Some(line), None) => key(line.as_bytes()).map(|key| Self(Some(key))).ok_or_else(refusal),
            (Some(_), Some(_)) => Err(refusal()),
        })
    }
}

fn key(line: &[u8]) -> Option<String> {
    let is_key = (1..=MAX_BYTES).contains(&line.len()) && line.iter().all(u8::is_ascii_graphic);
    is_key.then(|| String::from_utf8_lossy(line).into_owned())
}

fn refusal() -> Problem {
    let detail = format!("The header Idempotency-Key takes one key of 1 to {MAX_BYTES} visible characters.");
    Problem::new(&codes::INVALID_PARAMETER).detail(detail)
}
