use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Text};

use crate::domain::ids::RecipeId;

statement! {
    struct Discard<'a> { id: Guid = RecipeId, sub: Text = &'a str, base: BigInt = i64, now: InstantSql = Instant }
    concat!("UPDATE recipes AS r SET deleted_at = $4 WHERE r.id = $1 AND r.version = $3 AND ", writable!("$2"))
}

/// Moves a recipe to the trash. False: `base` is not its newest version, or it is not theirs to change.
pub fn discard(conn: &mut Conn, id: RecipeId, sub: &str, base: i64, now: Instant) -> QueryResult<bool> {
    let discarded = Discard { id, sub, base, now }.execute(conn)?;
    Ok(discarded == 1)
}
