//! Strict bodies: the media type, the size, the time they take, and what they say.

mod media;
mod objects;
mod parse;
mod read;
mod scan;

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::digest::{SHA256, digest};
use serde::de::DeserializeOwned;

pub use self::media::{media_type, refuse_coding};
pub use self::read::read_body;
use super::problem::Problem;
use super::validate::Validate;

/// A body of `application/json`, checked against its type and its rules.
///
/// Refuses with 415, 413, 408, 400 `malformed_json` or 422 `validation_failed`. Types say
/// `#[serde(deny_unknown_fields)]` unless they mean to ignore members.
pub struct Json<T>(pub T);

/// A body of `application/merge-patch+json` (RFC 7396) or `application/json`, otherwise as [`Json`].
pub struct MergePatch<T>(pub T);

/// A body as [`Json`], and the SHA-256 of its bytes: by it a call that is repeated is told from another one.
pub struct DigestedJson<T> {
    pub value: T,
    pub digest: [u8; 32],
}

/// A body as [`Json`], or none: an empty one needs no `Content-Type`.
pub struct OptionalJson<T>(pub Option<T>);

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { extract(&request, payload, media::JSON).await.map(Json) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for DigestedJson<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_as::<T>(&request, payload, media::JSON).await?;
            let digest = digest(&SHA256, &bytes).as_ref().try_into().expect("BUG: SHA-256 has 32 bytes");
            Ok(Self { value: parse::parse(&bytes)?, digest })
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for MergePatch<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { extract(&request, payload, media::MERGE_PATCH).await.map(MergePatch) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for OptionalJson<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { extract_optional(&request, payload).await.map(OptionalJson) })
    }
}

async fn extract<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: Payload,
    accepted: &[&str],
) -> Result<T, Problem> {
    parse::parse(&read_as::<T>(request, payload, accepted).await?)
}

async fn read_as<T: Validate>(
    request: &HttpRequest,
    payload: Payload,
    accepted: &[&str],
) -> Result<Bytes, Problem> {
    media::check(request, accepted)?;
    read_body(request, payload, T::MAX_BYTES).await
}

async fn extract_optional<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Option<T>, Problem> {
    let bytes = read_body(request, payload, T::MAX_BYTES).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    media::check(request, media::JSON)?;
    parse::parse(&bytes).map(Some)
}
