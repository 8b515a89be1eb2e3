use common::db::types::InstantSql;
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{Nullable, Text};

statement! {
    struct Claim<'a> { sub: Text = &'a str } -> (Nullable<Text>)
    "INSERT INTO people (sub) VALUES ($1) \
     ON CONFLICT (sub) DO UPDATE SET sub = excluded.sub WHERE people.deleted_at IS NULL \
     RETURNING name"
}

/// Holds a person for the rest of the transaction, so that they are not deleted meanwhile, and answers their name.
/// None: they are gone.
pub fn claim(conn: &mut Conn, sub: &str) -> QueryResult<Option<Option<String>>> {
    Claim { sub }.optional(conn)
}

statement! {
    struct Hold<'a> { sub: Text = &'a str }
    "UPDATE people SET sub = sub WHERE sub = $1"
}

/// Holds a person, if they are known, for the rest of the transaction: whoever deletes them waits, and where they were being
/// deleted this waits until they are gone.
pub fn hold(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    Hold { sub }.execute(conn).map(drop)
}

statement! {
    struct Rename<'a> { sub: Text = &'a str, name: Nullable<Text> = Option<&'a str>, external_id: Nullable<Text> = Option<&'a str> }
    "INSERT INTO people (sub, name, external_id) VALUES ($1, $2, $3) \
     ON CONFLICT (sub) DO UPDATE SET name = excluded.name, external_id = excluded.external_id \
     WHERE people.deleted_at IS NULL"
}

/// Notes a person's name. The dead keep none.
pub fn rename(conn: &mut Conn, sub: &str, name: Option<&str>, external_id: Option<&str>) -> QueryResult<()> {
    Rename { sub, name, external_id }.execute(conn).map(drop)
}

statement! {
    struct Bury<'a> { sub: Text = &'a str, now: InstantSql = Instant }
    "INSERT INTO people (sub, deleted_at) VALUES ($1, $2) \
     ON CONFLICT (sub) DO UPDATE SET name = NULL, external_id = NULL, deleted_at = excluded.deleted_at \
     WHERE people.deleted_at IS NULL"
}

/// Puts up a person's tombstone, for good.
pub fn bury(conn: &mut Conn, sub: &str, now: Instant) -> QueryResult<()> {
    Bury { sub, now }.execute(conn).map(drop)
}

statement! {
    struct Cursor {} -> (Text)
    "SELECT cursor FROM people_cursor WHERE id = 1"
}

/// Up to where the feed has been applied; empty before its beginning.
pub fn cursor(conn: &mut Conn) -> QueryResult<String> {
    Cursor {}.one(conn)
}

statement! {
    struct MoveCursor<'a> { from: Text = &'a str, to: Text = &'a str }
    "UPDATE people_cursor SET cursor = $2 WHERE id = 1 AND cursor = $1"
}

/// Moves on from where the caller believes to be. False: another copy of the service has moved meanwhile.
pub fn move_cursor(conn: &mut Conn, from: &str, to: &str) -> QueryResult<bool> {
    MoveCursor { from, to }.execute(conn).map(|moved| moved == 1)
}
