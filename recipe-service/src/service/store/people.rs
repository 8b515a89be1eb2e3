use common::db::types::InstantSql;
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};

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
    struct Release<'a> { sub: Text = &'a str, external_id: Text = &'a str }
    "UPDATE people SET external_id = NULL WHERE external_id = $2 AND sub <> $1"
}

statement! {
    struct Rename<'a> {
        sub: Text = &'a str,
        name: Nullable<Text> = Option<&'a str>,
        external_id: Nullable<Text> = Option<&'a str>,
        min_uv: BigInt = i64,
    }
    "INSERT INTO people (sub, name, external_id, min_uv) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (sub) DO UPDATE SET name = excluded.name, external_id = excluded.external_id, \
         min_uv = {postgres greatest}{sqlite max}(people.min_uv, excluded.min_uv) \
     WHERE people.deleted_at IS NULL"
}

/// What the issuer calls a person.
pub struct Named<'a> {
    pub sub: &'a str,
    pub name: Option<&'a str>,
    /// By what another issuer knew them.
    pub external_id: Option<&'a str>,
    /// Below which version tokens of theirs count no more. It never sinks, however often a feed is read anew.
    pub min_uv: i64,
}

/// Notes a person's names. The dead keep none, and nobody else has their `external_id` any longer.
pub fn rename(conn: &mut Conn, person: &Named<'_>) -> QueryResult<()> {
    let Named { sub, name, external_id, min_uv } = *person;
    if let Some(external_id) = external_id {
        Release { sub, external_id }.execute(conn)?;
    }
    Rename { sub, name, external_id, min_uv }.execute(conn).map(drop)
}

statement! {
    struct Known<'a> { external_id: Text = &'a str } -> (Text, BigInt)
    "SELECT sub, min_uv FROM people WHERE external_id = $1 AND deleted_at IS NULL"
}

/// The person whom another issuer knew by this, and the version below which tokens of theirs count no more.
pub fn known_as(conn: &mut Conn, external_id: &str) -> QueryResult<Option<(String, i64)>> {
    Known { external_id }.optional(conn)
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
