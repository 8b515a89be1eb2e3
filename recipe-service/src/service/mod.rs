//! The use cases: each a method that reads like the sentence one would say to explain it.

pub mod images;
pub mod imports;
pub mod people;
pub mod recipes;
pub mod secrets;
mod store;
mod threads;
mod turns;
