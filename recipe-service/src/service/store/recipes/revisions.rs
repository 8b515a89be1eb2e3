use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Text};

use super::read::visibility_of;
use crate::domain::ids::RecipeId;
use crate::domain::visibility::Visibility;

/// What its household wrote in one version of a recipe.
pub struct Revision {
    pub visibility: Visibility,
    pub document: String,
}

statement! {
    struct Keep<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    concat!(
        "INSERT INTO revisions (recipe_id, version, format, visibility, document, saved_by, saved_at) \
         SELECT r.id, r.version, r.format, r.visibility, r.document, $2, r.updated_at \
         FROM recipes AS r WHERE r.id = $1 AND ",
        writable!("$2")
    )
}

/// Keeps the newest version of a recipe, which the subject just wrote, as a revision.
pub fn keep_revision(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<()> {
    Keep { id, sub }.execute(conn).map(drop)
}

statement! {
    struct Revised<'a> { id: Guid = RecipeId, version: BigInt = i64, sub: Text = &'a str } -> (Text, Text)
    concat!(
        "SELECT v.visibility, v.document FROM revisions v JOIN recipes r ON r.id = v.recipe_id \
         WHERE v.recipe_id = $1 AND v.version = $2 AND ",
        writable!("$3")
    )
}

/// One version of a recipe, for who may change it.
pub fn revision(conn: &mut Conn, id: RecipeId, version: i64, sub: &str) -> QueryResult<Option<Revision>> {
    let row: Option<(String, String)> = Revised { id, version, sub }.optional(conn)?;
    Ok(row.map(|(visibility, document)| Revision { visibility: visibility_of(&visibility), document }))
}
