//! What browsers ask on behalf of scripts from other origins (the Fetch standard, §3.2).

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode};

use super::Surroundings;

/// What scripts may send beside what every form may.
const REQUEST_HEADERS: &str = "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, \
                               x-access-token, x-csrf-token, x-device-token, x-request-id";
/// What scripts may read beside what every script may.
const RESPONSE_HEADERS: &str = "accept-patch, accept-post, allow, etag, link, location, ratelimit, ratelimit-policy, \
                                retry-after, www-authenticate, x-device-token, x-request-id";
/// For how long a browser need not ask again, in seconds: the most that any of them takes is above it.
const MAX_AGE: &str = "600";

/// Who may read an answer.
pub(super) enum Readers {
    /// Whoever may without being told: no origin is listed at all.
    Anyone,
    /// Not the origin that asked, if any did; another might, so caches are to tell them apart.
    Others,
    /// The origin that asked.
    Origin(HeaderValue),
}

impl Readers {
    pub(super) fn of(request: &ServiceRequest, around: &Surroundings) -> Self {
        let listed = &around.edge.cors_origins;
        if listed.is_empty() {
            return Self::Anyone;
        }
        let origin = request.headers().get(ORIGIN).filter(|origin| listed.contains(origin.as_bytes()));
        origin.map_or(Self::Others, |origin| Self::Origin(origin.clone()))
    }

    pub(super) fn write(&self, headers: &mut HeaderMap) {
        match self {
            Self::Anyone => return,
            Self::Others => {}
            Self::Origin(origin) => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
                headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(RESPONSE_HEADERS));
            }
        }
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }

    /// The answer to a browser that asks whether it may ask; none where it is not that, or the path is unknown.
    pub(super) fn preflight(&self, request: &ServiceRequest, around: &Surroundings) -> Option<HttpResponse> {
        let is_preflight = *request.method() == Method::OPTIONS
            && matches!(self, Self::Origin(_))
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !is_preflight {
            return None;
        }
        let allow = around.routes.allow(request.match_info().as_str())?;
        let mut response = HttpResponse::build(StatusCode::NO_CONTENT);
        response.insert_header((ACCESS_CONTROL_ALLOW_METHODS, allow.as_str()));
        response.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS));
        response.insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE));
        response.insert_header((ALLOW, allow));
        Some(response.finish())
    }
}
