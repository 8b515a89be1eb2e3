//! The two feeds: what was ended before its time, and what became of people.

use common::db::{Conn, QueryResult};
use common::ids::Uuid;
use common::revocations::feed::Event;

use crate::domain::{SessionId, UserId};

/// Something that ends before its time, about to be said on the feed.
#[derive(Clone, Debug)]
pub enum NewEvent {
    /// A session, with every token of it.
    Session(SessionId),
    /// The tokens of a subject that are of a version below `min_uv`.
    Subject { sub: String, min_uv: i64 },
    /// A signing key, for ever.
    Key(String),
    /// The signing keys are others than before.
    KeysChanged,
}

/// What became of a person.
#[derive(Clone, Debug)]
pub enum PersonEvent {
    /// They have this name now, or are new.
    Named { sub: UserId, name: String, external_id: Option<String> },
    /// They are gone.
    Deleted { sub: UserId, keep_recipes: bool },
}

/// Events that a transaction wrote, to be told to those who wait once it is committed.
#[derive(Clone, Debug)]
#[must_use = "hand it to Feed::committed once the transaction is committed"]
pub struct Appended {
    pub epoch: Uuid,
    pub events: Vec<Event>,
}

/// Appends to the feed of revocations: the last thing that a transaction does, since it holds the feed's lock, which puts
/// the numbers in the order of commits, until it ends.
pub fn append(_conn: &mut Conn, _offset_us: i64, _events: &[NewEvent]) -> QueryResult<Appended> {
    todo!()
}

/// Appends to the feed of people; after it a transaction may only still append to the feed of revocations.
pub fn append_person(_conn: &mut Conn, _event: &PersonEvent) -> QueryResult<()> {
    todo!()
}
