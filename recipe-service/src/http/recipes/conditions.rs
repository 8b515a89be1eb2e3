//! Which version a caller knows, and how it is told.

use actix_web::http::header::HeaderMap;
use aws_lc_rs::digest::{Context, SHA256};
use common::web::Problem;
use common::web::etag::{Condition, ETag, Listed};

use crate::service::recipes::Expected;

/// The tag of a recipe: its version, which conditions look at, the form, and a digest of what may change without a new
/// version.
pub fn etag(version: i64, form: &str, parts: &[&[u8]]) -> ETag {
    let mut digest = Context::new(&SHA256);
    parts.iter().for_each(|part| digest.update(part));
    let digest = digest.finish();
    let start: [u8; 8] = digest.as_ref()[..8].try_into().expect("BUG: SHA-256 has 32 bytes");
    ETag::new(format_args!("{version}-{form}-{:016x}", u64::from_be_bytes(start)))
}

/// What `If-Match` expects. None: there is no such header.
pub fn expected(headers: &HeaderMap) -> Result<Option<Expected>, Problem> {
    Ok(match Condition::if_match(headers)? {
        Condition::Absent => None,
        Condition::Any => Some(Expected::Newest),
        Condition::Listed(tags) => Some(Expected::Versions(tags.iter().filter_map(version).collect())),
    })
}

/// The version in a tag of ours. A weak tag matches nothing here (RFC 9110 §13.1.1).
fn version(tag: &Listed) -> Option<i64> {
    let (version, _) = tag.opaque.split_once('-').filter(|_| !tag.weak)?;
    version.parse().ok()
}
