use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::read::visibility_of;
use crate::domain::ids::RecipeId;
use crate::domain::image::Images;
use crate::domain::recipe::{Owner, Revision, RevisionSummary};

statement! {
    struct Keep<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    concat!(
        "INSERT INTO revisions (recipe_id, version, format, visibility, document, saved_by, saved_at, cover, step_images) \
         SELECT r.id, r.version, r.format, r.visibility, r.document, $2, r.updated_at, r.cover, r.step_images \
         FROM recipes AS r WHERE r.id = $1 AND ",
        writable!("$2")
    )
}

/// Keeps the newest version of a recipe, which the subject just wrote, as a revision.
pub fn keep_revision(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<()> {
    Keep { id, sub }.execute(conn).map(drop)
}

/// What is answered of a version, from `revisions AS v` and `people AS p`.
macro_rules! columns {
    () => {
        "v.version, v.saved_by, p.name, v.saved_at, v.visibility, \
         {postgres v.document::json ->> 'title'}{sqlite json_extract(v.document, '$.title')}"
    };
}

statement! {
    struct Revised<'a> { id: Guid = RecipeId, version: BigInt = i64, sub: Text = &'a str }
    -> (BigInt, Text, Nullable<Text>, InstantSql, Text, Text, Text, Nullable<Text>, Nullable<Text>)
    concat!(
        "SELECT ",
        columns!(),
        ", v.document, v.cover, v.step_images FROM revisions v JOIN recipes AS r ON r.id = v.recipe_id \
         LEFT JOIN people p ON p.sub = v.saved_by WHERE v.recipe_id = $1 AND v.version = $2 AND ",
        writable!("$3")
    )
}

type Row = (i64, String, Option<String>, Instant, String, String, String, Option<String>, Option<String>);

/// One version of a recipe, for who may change it.
pub fn revision(conn: &mut Conn, id: RecipeId, version: i64, sub: &str) -> QueryResult<Option<Revision>> {
    let row: Option<Row> = Revised { id, version, sub }.optional(conn)?;
    Ok(row.map(whole))
}

statement! {
    struct First<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    -> (BigInt, Text, Nullable<Text>, InstantSql, Text, Text, Text, Nullable<Text>, Nullable<Text>)
    concat!(
        "SELECT ",
        columns!(),
        ", v.document, v.cover, v.step_images FROM revisions v JOIN recipes AS r ON r.id = v.recipe_id \
         LEFT JOIN people p ON p.sub = v.saved_by WHERE v.recipe_id = $1 AND v.version = 1 AND ",
        owned!("$2")
    )
}

/// The first version of a recipe that is the subject's, in the trash too.
pub fn first_revision(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<Option<Revision>> {
    let row: Option<Row> = First { id, sub }.optional(conn)?;
    Ok(row.map(whole))
}

fn whole(row: Row) -> Revision {
    let (version, sub, name, saved_at, visibility, title, document, cover, step_images) = row;
    let (saved_by, visibility) = (Owner { sub, name }, visibility_of(&visibility));
    let images = Images::of_columns(cover.as_deref(), step_images.as_deref());
    Revision { version, saved_by, saved_at, visibility, title, images, document }
}

statement! {
    struct Revisions<'a> {
        id: Guid = RecipeId,
        sub: Text = &'a str,
        before: Nullable<BigInt> = Option<i64>,
        count: BigInt = i64,
    } -> (BigInt, Text, Nullable<Text>, InstantSql, Text, Text)
    concat!(
        "SELECT ",
        columns!(),
        " FROM revisions v JOIN recipes AS r ON r.id = v.recipe_id LEFT JOIN people p ON p.sub = v.saved_by \
         WHERE v.recipe_id = $1 AND ($3 IS NULL OR v.version < $3) AND ",
        writable!("$2"),
        " ORDER BY v.version DESC LIMIT $4"
    )
}

/// Versions of a recipe, the latest first, for who may change it: those before one, if one is named.
pub fn revisions(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    before: Option<i64>,
    count: i64,
) -> QueryResult<Vec<RevisionSummary>> {
    let rows: Vec<(i64, String, Option<String>, Instant, String, String)> =
        Revisions { id, sub, before, count }.all(conn)?;
    let summary = |(version, sub, name, saved_at, visibility, title): (_, _, _, _, String, _)| {
        let (saved_by, visibility) = (Owner { sub, name }, visibility_of(&visibility));
        RevisionSummary { version, saved_by, saved_at, visibility, title }
    };
    Ok(rows.into_iter().map(summary).collect())
}
