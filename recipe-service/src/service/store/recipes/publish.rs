use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::Text;

use crate::domain::ids::RecipeId;
use crate::domain::visibility::Visibility;

statement! {
    struct Show<'a> { id: Guid = RecipeId, sub: Text = &'a str, visibility: Text = &'a str, now: InstantSql = Instant }
    concat!(
        "UPDATE recipes AS r SET version = version + 1, updated_at = $4, visibility = $3, \
         published_at = CASE WHEN $3 = 'public' THEN $4 END \
         WHERE r.id = $1 AND r.visibility <> $3 AND ",
        writable!("$2")
    )
}

/// Gives a recipe another visibility, which is a new version. False: it has it, or is not theirs to change.
pub fn show(
    conn: &mut Conn,
    id: RecipeId,
    sub: &str,
    visibility: Visibility,
    now: Instant,
) -> QueryResult<bool> {
    let shown = Show { id, sub, visibility: visibility.as_str(), now }.execute(conn)?;
    Ok(shown == 1)
}
