use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::Text;

use crate::domain::ids::RecipeId;

statement! {
    struct Untag<'a> { id: Guid = RecipeId, sub: Text = &'a str }
    concat!(
        "DELETE FROM recipe_tags WHERE recipe_id = $1 AND EXISTS (SELECT 1 FROM recipes AS r WHERE r.id = $1 AND ",
        writable!("$2"),
        ")"
    )
}

statement! {
    struct Tag<'a> { id: Guid = RecipeId, sub: Text = &'a str, tags: Text = &'a str }
    concat!(
        "INSERT INTO recipe_tags (recipe_id, tag, shown_to) SELECT r.id, t.value, r.shown_to FROM recipes AS r, \
         {postgres jsonb_array_elements_text($3::jsonb) AS t(value)}{sqlite json_each($3) AS t} \
         WHERE r.id = $1 AND ",
        writable!("$2")
    )
}

/// Gives a recipe, which the subject just wrote, these tags and no others: a JSON list, none of them twice.
pub fn retag(conn: &mut Conn, id: RecipeId, sub: &str, tags: &str) -> QueryResult<()> {
    Untag { id, sub }.execute(conn)?;
    Tag { id, sub, tags }.execute(conn).map(drop)
}
