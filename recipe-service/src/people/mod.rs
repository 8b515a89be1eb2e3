//! Follows the issuer's feed of people: their names, and that they are gone.

mod feed;
mod follow;

pub use follow::{Follower, FollowerSettings};
