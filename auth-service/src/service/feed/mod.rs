//! The feeds as they are read, and those who wait for them.

use super::store::feed::Appended;

#[derive(Clone)]
pub struct Feed;

impl Feed {
    /// Tells those who wait here, and in the background those who listen on the fast lane, what was committed.
    pub fn committed(&self, _appended: Appended) {}

    /// Tells those who wait here that something was appended to the feed of people.
    pub fn person_committed(&self) {}
}
