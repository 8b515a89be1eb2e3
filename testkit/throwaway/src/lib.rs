//! Postgres, Redis, nginx and Envoy servers for tests: each lives in a temporary folder, listens on a free port of 127.0.0.1, keeps
//! nothing, and dies with the process that started it, whichever way that process ends.
//!
//! Beside them, a Python with packages to hold our work against.
//!
//! This is a crate of its own so that `xtask` can start servers without building the services that `testkit` needs.

mod folder;
mod gateway;
mod listening;
mod postgres;
mod program;
mod python;
mod redis;
mod supervised;

pub use folder::folder;
pub use gateway::Gateway;
pub use listening::Listening;
pub use postgres::Postgres;
pub use program::{find, is_missing};
pub use python::Python;
pub use redis::Redis;
