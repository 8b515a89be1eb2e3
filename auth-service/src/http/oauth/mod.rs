//! What services ask by the standards of OAuth 2. Its refusals are of RFC 6749 §5.2, not of RFC 9457.

mod client;
mod form;
pub mod introspect;
pub mod metadata;
mod refusal;
pub mod revoke;
pub mod token;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use common::token::{Refusal as TokenRefusal, Verified, Verifier};
use common::web::Problem;
use common::web::auth::Denial;
use serde::Serialize;
use std::sync::Arc;

use self::refusal::Refusal;

/// How a refresh token begins: no access token does.
const REFRESH_TOKEN: &str = "jrt1_";

/// Answers 200 with what nobody between may keep (RFC 6749 §5.1).
fn answer(body: impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(body)
}

/// Believes an access token, or does not; that we cannot tell is our own failure.
fn believed(verifier: &Verifier, token: &str) -> Result<Option<Arc<Verified>>, Refusal> {
    match verifier.verify(token) {
        Ok(verified) => Ok(Some(verified)),
        Err(refusal) if TokenRefusal::is_ours(refusal) => {
            Err(Refusal::Problem(Problem::from(Denial::from(refusal))))
        }
        Err(_) => Ok(None),
    }
}
