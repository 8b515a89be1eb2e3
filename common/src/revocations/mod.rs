//! What was ended before its time: an exact copy in memory that follows the issuer's feed.
//!
//! The issuer's database is the truth, the [`feed`] says it in order, the copy is what is read. Feature `redis` adds a
//! fast lane that makes most of it instant; nothing depends on it.

mod copy;
mod epoch;
pub mod feed;
mod follow;
#[cfg(feature = "redis")]
pub mod lane;

pub use copy::{Freshness, Revocations, Subjects};
pub use epoch::Epochs;
pub use follow::{Follower, FollowerSettings};
