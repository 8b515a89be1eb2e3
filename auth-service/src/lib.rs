//! Signs people up, logs them in, rotates their refresh tokens and logs them out.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod http;
pub mod service;
