//! Postgres and SQLite behind one set of queries: connections, types, statements, threads, migrations.
//!
//! Diesel blocks, so its work never runs on a thread of the server: [`Db`] owns one thread for each connection and
//! takes closures. A closure gets a [`Conn`] for as long as it runs, so no connection is held across an `.await`.
//!
//! ```text
//! let user = db.read(move |conn| store::users::by_id(conn, id)).await?;
//! let session = db.autocommit(move |conn| Rotate { id, .. }.optional(conn)).await?;
//! db.write(move |conn| store::sessions::end(conn, id)).await?;
//! ```
//!
//! What decides the shape:
//! - Only this module opens connections and starts threads that block on a database.
//! - SQLite has one writer at a time whatever we do; waiting for it in one queue beats spinning in eight threads.
//! - Work that nobody waits for any more is not done: under overload that is what keeps the rest in time.

mod batch;
mod conn;
mod error;
mod executor;
mod job;
mod lock;
mod long;
mod manager;
mod migrate;
mod pool;
mod queue;
mod statement;
mod stopwatch;
mod target;
mod template;
pub mod types;
mod unit;

pub use batch::Batched;
pub use conn::{Conn, Dialect, MultiBackend, MultiField, MultiRawValue, MultiRow};
pub use error::{DbError, violated};
pub use executor::{Db, DbSettings, OpenError};
pub use lock::{FileLock, LockError, lock_database, lock_file};
pub use migrate::{MigrateError, Migrations};
#[doc(hidden)]
pub use statement::{execute, load, one, optional};
#[doc(hidden)]
pub use template::Template;

#[doc(hidden)]
pub use diesel;
pub use diesel::QueryResult;
pub use diesel_migrations::{self, EmbeddedMigrations, embed_migrations};

pub use crate::{each, statement};
