//! The wire form of the feed, `GET /internal/revocations?epoch=&after=&wait=`, for both of its ends.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version of the form that is spoken here.
pub const VERSION: u8 = 1;

/// One answer of a feed: what happened after a cursor, from one snapshot that was taken after the request came. `E` are the
/// events, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer<E> {
    pub version: u8,
    /// The life of the signing keys that it speaks of.
    pub epoch: Uuid,
    /// The last number given out.
    pub head: i64,
    /// Where to go on from.
    pub cursor: String,
    /// True when there is more after these events already.
    pub more: bool,
    /// The database's time in the snapshot, in µs since 1970, UTC.
    pub now: i64,
    pub events: E,
}

/// Something that ended before its time, or the issuer's keys having changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its number: dense, in the order of commits. Not sent on the fast lane.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seq: i64,
    pub kind: Kind,
    /// The session, token, subject or key.
    pub id: String,
    /// The subject's tokens of a lower version are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_uv: Option<i64>,
    /// Until when it must be remembered, in µs since 1970; without, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Session,
    Token,
    Subject,
    Key,
    KeysChanged,
}

/// What is published on the fast lane: an event, and the epoch that it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Published {
    pub epoch: Uuid,
    #[serde(flatten)]
    pub event: Event,
}

fn is_zero(seq: &i64) -> bool {
    *seq == 0
}
