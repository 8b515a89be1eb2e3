use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use crate::domain::ids::{RecipeId, ShareId};
use crate::domain::share::Share;

statement! {
    struct Keep<'a> {
        id: Guid = ShareId,
        recipe: Guid = RecipeId,
        sub: Text = &'a str,
        token_hash: Binary = &'a [u8],
        created_at: InstantSql = Instant,
        expires_at: InstantSql = Instant,
    }
    concat!(
        "INSERT INTO shares (id, recipe_id, token_hash, created_at, expires_at) \
         SELECT $1, r.id, $4, $5, $6 FROM recipes AS r WHERE r.id = $2 AND ",
        writable!("$3")
    )
}

/// Keeps a link to a recipe that the subject may change.
pub fn keep(
    conn: &mut Conn,
    recipe: RecipeId,
    sub: &str,
    share: &Share,
    token_hash: &[u8],
) -> QueryResult<()> {
    let Share { id, created_at, expires_at } = *share;
    Keep { id, recipe, sub, token_hash, created_at, expires_at }.execute(conn).map(drop)
}

statement! {
    struct Of<'a> {
        recipe: Guid = RecipeId,
        sub: Text = &'a str,
        now: InstantSql = Instant,
        before: Nullable<Guid> = Option<ShareId>,
        count: BigInt = i64,
    } -> (Guid, InstantSql, InstantSql)
    concat!(
        "SELECT s.id, s.created_at, s.expires_at FROM shares s JOIN recipes AS r ON r.id = s.recipe_id \
         WHERE s.recipe_id = $1 AND s.expires_at > $3 AND ($4 IS NULL OR s.id < $4) AND ",
        writable!("$2"),
        " ORDER BY s.id DESC LIMIT $5"
    )
}

/// The links to a recipe that the subject may change, the latest first: those made before one, if one is named.
pub fn of(
    conn: &mut Conn,
    recipe: RecipeId,
    sub: &str,
    now: Instant,
    before: Option<ShareId>,
    count: i64,
) -> QueryResult<Vec<Share>> {
    let rows: Vec<(ShareId, Instant, Instant)> = Of { recipe, sub, now, before, count }.all(conn)?;
    Ok(rows.into_iter().map(|(id, created_at, expires_at)| Share { id, created_at, expires_at }).collect())
}

statement! {
    struct Revoke<'a> { id: Guid = ShareId, recipe: Guid = RecipeId, sub: Text = &'a str }
    concat!(
        "DELETE FROM shares WHERE id = $1 AND recipe_id = $2 AND EXISTS (SELECT 1 FROM recipes AS r WHERE r.id = $2 AND ",
        writable!("$3"),
        ")"
    )
}

/// Ends a link to a recipe that the subject may change. False: there is none.
pub fn revoke(conn: &mut Conn, id: ShareId, recipe: RecipeId, sub: &str) -> QueryResult<bool> {
    Revoke { id, recipe, sub }.execute(conn).map(|revoked| revoked == 1)
}

statement! {
    struct Purge { until: InstantSql = Instant }
    "DELETE FROM shares WHERE expires_at <= $1"
}

/// Forgets the links that expired until a time.
pub fn purge(conn: &mut Conn, until: Instant) -> QueryResult<()> {
    Purge { until }.execute(conn).map(drop)
}
