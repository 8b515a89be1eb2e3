use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::read::visibility_of;
use crate::domain::ids::RecipeId;
use crate::domain::image;
use crate::domain::recipe::{Owner, Summary, Trashed};

statement! {
    struct InTrash<'a> {
        sub: Text = &'a str,
        since: InstantSql = Instant,
        deleted_at: Nullable<InstantSql> = Option<Instant>,
        id: Nullable<Guid> = Option<RecipeId>,
        count: BigInt = i64,
    } -> (
        Guid, Text, Text, Nullable<Text>, Text, Text, Nullable<Text>, Nullable<Text>, BigInt, InstantSql, InstantSql,
        InstantSql
    )
    concat!(
        "SELECT r.id, r.title, r.owner_sub, p.name, r.visibility, r.tags, r.cover, r.times, r.version, r.created_at, \
         r.updated_at, r.deleted_at FROM recipes AS r LEFT JOIN people p ON p.sub = r.owner_sub \
         WHERE r.owner_sub = $1 AND r.deleted_at > $2 AND ($3 IS NULL OR (r.deleted_at, r.id) < ($3, $4)) AND ",
        in_trash!("$1"),
        " ORDER BY r.deleted_at DESC, r.id DESC LIMIT $5"
    )
}

type Row = (
    RecipeId,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Instant,
    Instant,
    Instant,
);

/// What a person threw away since a time, the latest first: from a position on, if one is named.
pub fn trash(
    conn: &mut Conn,
    sub: &str,
    since: Instant,
    after: Option<(Instant, RecipeId)>,
    count: i64,
) -> QueryResult<Vec<Trashed>> {
    let (deleted_at, id) = after.unzip();
    let rows: Vec<Row> = InTrash { sub, since, deleted_at, id, count }.all(conn)?;
    Ok(rows.into_iter().map(trashed).collect())
}

fn trashed(row: Row) -> Trashed {
    let (id, title, sub, name, visibility, tags, cover, times, version, created_at, updated_at, deleted_at) =
        row;
    let (owner, visibility) = (Owner { sub, name }, visibility_of(&visibility));
    let summary = Summary {
        id,
        title,
        owner,
        visibility,
        tags,
        cover: cover.as_deref().map(image::read),
        times,
        version,
        created_at,
        updated_at,
        highlights: None,
    };
    Trashed { summary, deleted_at }
}

statement! {
    struct Undelete<'a> { id: Guid = RecipeId, sub: Text = &'a str, now: InstantSql = Instant, since: InstantSql = Instant }
    concat!(
        "UPDATE recipes AS r SET deleted_at = NULL, updated_at = $3 WHERE r.id = $1 AND r.deleted_at > $4 AND ",
        in_trash!("$2")
    )
}

/// Takes a recipe, which the subject threw away since a time, out of the trash. It counts as changed, so that who asks what
/// has changed finds it again.
pub fn undelete(conn: &mut Conn, id: RecipeId, sub: &str, now: Instant, since: Instant) -> QueryResult<()> {
    Undelete { id, sub, now, since }.execute(conn).map(drop)
}

statement! {
    struct EraseTrashed<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    concat!("DELETE FROM recipes AS r WHERE r.id = $1 AND ", in_trash!("$2"))
}

/// Erases a recipe that is in the subject's trash. False: it is not.
pub fn erase_trashed(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<bool> {
    EraseTrashed { id, sub }.execute(conn).map(|erased| erased == 1)
}

statement! {
    struct Purge { until: InstantSql = Instant, count: BigInt = i64 }
    "DELETE FROM recipes WHERE id IN \
     (SELECT id FROM recipes WHERE deleted_at <= $1 ORDER BY deleted_at LIMIT $2)"
}

/// Erases some of what was thrown away until a time, of all people. Answers how many.
pub fn purge(conn: &mut Conn, until: Instant, count: i64) -> QueryResult<usize> {
    Purge { until, count }.execute(conn)
}
