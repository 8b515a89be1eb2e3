use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{Binary, SmallInt, Text};

statement! {
    struct Check<'a> { name: Text = &'a str, version: SmallInt = i16 } -> (Binary)
    "SELECT value FROM secret_checks WHERE name = $1 AND version = $2"
}

/// The check value of a secret that this database was used with.
pub fn check(conn: &mut Conn, name: &str, version: i16) -> QueryResult<Option<Vec<u8>>> {
    Check { name, version }.optional(conn)
}

statement! {
    struct Note<'a> { name: Text = &'a str, version: SmallInt = i16, value: Binary = &'a [u8] }
    "INSERT INTO secret_checks (name, version, value) VALUES ($1, $2, $3) ON CONFLICT (name, version) DO NOTHING"
}

/// Notes the check value of a secret, unless there is one.
pub fn note(conn: &mut Conn, name: &str, version: i16, value: &[u8]) -> QueryResult<()> {
    Note { name, version, value }.execute(conn).map(drop)
}
