//! Postgres and Redis for tests.
//!
//! One server of each serves a test process; it starts when the first test asks and ends with the process. Where
//! `JIPBAP_TEST_POSTGRES_URL` and `JIPBAP_TEST_REDIS_URL` are set (`cargo xtask test` sets them) those servers are used
//! instead, so that a whole run starts each once. Tests share a server but never a database or a prefix.

mod backup;
mod postgres;
mod redis;
mod s3;
mod smtp;

pub use backup::Backup;
pub use postgres::{Database, OwnPostgres, Postgres, postgres};
pub use redis::{OwnRedis, Redis, redis};
pub use s3::S3Server;
pub use smtp::{Security, SmtpServer};

/// The address of a server that somebody else started for us.
#[expect(clippy::disallowed_methods, reason = "this is how `cargo xtask test` says where its servers are")]
fn given(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}
