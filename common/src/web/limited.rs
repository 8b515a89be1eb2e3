use actix_web::http::header::{HeaderName, HeaderValue};

use super::{Problem, codes};
use crate::limits::Refusal;

/// Says what the limit is, and when there is room again (draft-ietf-httpapi-ratelimit-headers).
pub fn rate_limited(Refusal { name, limit, wait }: Refusal) -> Problem {
    let seconds = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
    let policy = format!("\"{name}\";q={};w={}", limit.most, limit.window.as_secs());
    let left = format!("\"{name}\";r=0;t={seconds}");
    let value = |text: String| HeaderValue::from_str(&text).expect("BUG: the name of a limit is no text");
    Problem::new(&codes::RATE_LIMITED)
        .retry_after(wait)
        .header(HeaderName::from_static("ratelimit-policy"), value(policy))
        .header(HeaderName::from_static("ratelimit"), value(left))
}
