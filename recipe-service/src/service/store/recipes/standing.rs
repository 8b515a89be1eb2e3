use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Bool, Text};

use crate::domain::ids::RecipeId;

/// How a subject stands to a recipe that they may see.
pub struct Standing {
    pub version: i64,
    pub may_write: bool,
}

statement! {
    struct Look<'a> { id: Guid = RecipeId, sub: Text = &'a str } -> (BigInt, Bool)
    concat!("SELECT r.version, ", writable!("$2"), " FROM recipes AS r WHERE r.id = $1 AND ", readable!("$2"))
}

/// How the subject stands to a recipe, if they may see it.
pub fn standing(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<Option<Standing>> {
    let row: Option<(i64, bool)> = Look { id, sub }.optional(conn)?;
    Ok(row.map(|(version, may_write)| Standing { version, may_write }))
}

statement! {
    struct Hold<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    concat!("UPDATE recipes AS r SET version = version WHERE r.id = $1 AND ", writable!("$2"))
}

/// Holds a recipe that the subject may change for the rest of the transaction: as it is now it stays, for others wait.
pub fn hold(conn: &mut Conn, id: RecipeId, sub: &str) -> QueryResult<()> {
    Hold { id, sub }.execute(conn).map(drop)
}
