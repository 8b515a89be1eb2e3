//! What happens at one moment, on one copy and across two.

mod accounts;
mod endings;
mod refreshes;

use testkit::stack::Options;

/// Enough threads that statements really meet in the database.
fn crowded(options: Options) -> Options {
    options.set("AUTH_WORKERS", "2").set("AUTH_DATABASE_POOL", "8")
}
