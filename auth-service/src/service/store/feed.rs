//! The two feeds: what was ended before its time, and what became of people.
//!
//! Both give out dense numbers in the order of commits: the row of `feeds` is locked until its transaction ends, so
//! whoever sees a head sees every event up to it. Each event has a random tag, so that a place in another life of the
//! database is told from a place in this one.

mod append;
mod people;
mod purge;
mod read;

pub use append::{Appended, NewEvent, append};
pub use people::{Person, PersonEvent, append_all_known_elsewhere, append_person};
pub use purge::purge;
pub use read::{
    Cursor, Heads, Log, Page, People, Place, Reading, Revocations, heads, keys_changed_after, page,
};

common::id! {
    /// One life of the signing keys.
    pub struct Epoch;
}

/// Sixty-four random bits in hex.
fn tag() -> String {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).expect("BUG: the system has no random numbers");
    format!("{:016x}", u64::from_be_bytes(bytes))
}
