//! Keeps recipes and believes a token without asking anyone.

mod app;
pub mod cli;
mod config;
pub mod domain;
pub mod egress;
mod error;
pub mod http;
mod indexer;
mod people;
mod purger;
mod service;

pub use app::{App, about};
pub use config::{Flags, Settings};
pub use error::OWN as CODES;
