//! Reading a body whole, within a size and a time.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::web::codes;
use crate::web::connection::Pace;
use crate::web::problem::Problem;

/// Reads a body of at most `limit` bytes, and of any media type.
///
/// Refuses with 413 when more is announced or sent, reading no further, and with 408 when it takes
/// longer than the listener's [`Limits`](crate::web::Limits) allow: actix has no limit of its own, so that 500 clients
/// that send a byte now and then would hold 500 handlers.
pub async fn read_body(request: &HttpRequest, payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let announced = announced(request);
    if announced.is_some_and(|bytes| bytes > limit as u64) {
        return Err(too_large(limit));
    }
    let patience = Pace::body_patience(request);
    match tokio::time::timeout(patience, collect(payload, announced.unwrap_or(0) as usize, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Problem::new(&codes::REQUEST_TIMEOUT)),
    }
}

fn announced(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(mut payload: Payload, announced: usize, limit: usize) -> Result<Bytes, Problem> {
    let Some(first) = payload.next().await.transpose().map_err(cut_short)? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(too_large(limit));
    }
    // Most bodies come in one piece, and then need no copy.
    if first.len() == announced {
        return Ok(first);
    }
    let mut body = BytesMut::from(first.as_ref());
    while let Some(piece) = payload.next().await.transpose().map_err(cut_short)? {
        if body.len() + piece.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

fn too_large(limit: usize) -> Problem {
    Problem::new(&codes::TOO_LARGE).detail(format!("The body may have at most {limit} bytes."))
}

/// The connection broke, or its chunks make no sense: there is hardly anyone left to read this.
fn cut_short(_: actix_web::error::PayloadError) -> Problem {
    Problem::new(&codes::MALFORMED_JSON).detail("The body ended before it was whole.")
}
