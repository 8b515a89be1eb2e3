use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{Binary, Text};

use crate::domain::ids::RecipeId;

/// A call that may be repeated, by who makes it.
pub struct Call<'a> {
    pub sub: &'a str,
    pub route: &'a str,
    pub key: &'a str,
    pub body_hash: &'a [u8],
}

/// What came of the call with this key.
pub struct Made {
    pub recipe: RecipeId,
    /// False where its body was another one.
    pub is_same: bool,
}

statement! {
    struct Find<'a> { sub: Text = &'a str, route: Text = &'a str, key: Text = &'a str, since: InstantSql = Instant }
    -> (Guid, Binary)
    "SELECT recipe_id, body_hash FROM idempotency_keys \
     WHERE sub = $1 AND route = $2 AND key = $3 AND created_at > $4"
}

/// What came of the call with this key since a time, if there was one.
pub fn find(conn: &mut Conn, call: &Call, since: Instant) -> QueryResult<Option<Made>> {
    let find = Find { sub: call.sub, route: call.route, key: call.key, since };
    let row: Option<(RecipeId, Vec<u8>)> = find.optional(conn)?;
    Ok(row.map(|(recipe, body_hash)| Made { recipe, is_same: body_hash == call.body_hash }))
}

statement! {
    struct Note<'a> {
        sub: Text = &'a str,
        route: Text = &'a str,
        key: Text = &'a str,
        body_hash: Binary = &'a [u8],
        recipe: Guid = RecipeId,
        now: InstantSql = Instant,
    }
    "INSERT INTO idempotency_keys (sub, route, key, body_hash, recipe_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sub, route, key) DO UPDATE \
     SET body_hash = excluded.body_hash, recipe_id = excluded.recipe_id, created_at = excluded.created_at"
}

/// Notes what came of a call, in the place of one that is over.
pub fn note(conn: &mut Conn, call: &Call, recipe: RecipeId, now: Instant) -> QueryResult<()> {
    let Call { sub, route, key, body_hash } = *call;
    Note { sub, route, key, body_hash, recipe, now }.execute(conn).map(drop)
}

statement! {
    struct Purge { until: InstantSql = Instant }
    "DELETE FROM idempotency_keys WHERE created_at <= $1"
}

/// Forgets calls that were made until a time.
pub fn purge(conn: &mut Conn, until: Instant) -> QueryResult<()> {
    Purge { until }.execute(conn).map(drop)
}

statement! {
    struct ForgetAll<'a> { sub: Text = &'a str }
    "DELETE FROM idempotency_keys WHERE sub = $1"
}

/// Forgets all calls of a person.
pub fn forget_all(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    ForgetAll { sub }.execute(conn).map(drop)
}
