//! A connection to either database.

#![allow(
    unused_qualifications,
    clippy::disallowed_methods,
    reason = "in the output of MultiConnection's derive"
)]

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// A connection to Postgres or SQLite on which one query set runs.
///
/// Never `establish` one: the derived method tries each database in turn, hides Postgres's error and then opens
/// a SQLite file of that name. [`Db`](super::Db) opens by the scheme of the URL.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

impl Conn {
    pub fn dialect(&self) -> Dialect {
        match self {
            Conn::Pg(_) => Dialect::Postgres,
            Conn::Sqlite(_) => Dialect::Sqlite,
        }
    }
}

/// Which of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    Postgres,
    Sqlite,
}

/// Runs one expression on the connection of either database, compiled once for each.
///
/// For what a query on [`Conn`] itself lacks: batch insert, `ON CONFLICT` of a single row, `as_returning`, `UNION`.
///
/// ```text
/// each!(conn, c => insert_into(tags::table).values(&rows).execute(c))
/// ```
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
