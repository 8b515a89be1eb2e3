//! The index of words: one shape on both databases, in the form that each searches in.
//!
//! Only this folder and the migrations know that Postgres has `tsvector` and SQLite FTS5.

mod expression;
mod index;
mod labels;
mod stale;

pub use expression::{Field, all_of, but_not, found, having, matching};
pub use index::{index, keep_pace};
pub use stale::{Stale, stale};
