//! Signs people up, logs them in, rotates their refresh tokens and logs them out.

pub mod config;
pub mod domain;
pub mod service;
