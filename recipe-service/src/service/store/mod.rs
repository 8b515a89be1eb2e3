//! Queries: one a function, each one statement.
//!
//! Every query on recipes carries a predicate of [`access`]; none loads by id alone.

#[macro_use]
mod access;

pub mod households;
pub mod people;
pub mod recipes;
pub mod search;
pub mod secrets;
