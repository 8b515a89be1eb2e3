//! Queries: one a function, each one statement.
//!
//! Every query on recipes that a route leads to carries a predicate of [`access`]; none loads by id alone.

#[macro_use]
mod access;

pub mod backup;
pub mod households;
pub mod idempotency;
pub mod images;
pub mod people;
pub mod personal;
pub mod recipes;
pub mod search;
pub mod secrets;
pub mod shares;
mod sql;
