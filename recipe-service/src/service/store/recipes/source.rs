use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::Text;

use crate::domain::ids::RecipeId;

statement! {
    struct OfSource<'a> { sub: Text = &'a str, key: Text = &'a str } -> (Guid)
    concat!(
        "SELECT r.id FROM recipes AS r WHERE r.owner_sub = $1 AND r.source_key = $2 AND ",
        writable!("$1"),
        " ORDER BY r.created_at, r.id LIMIT 1"
    )
}

/// The first of the recipes that a person has of a page.
pub fn of_source(conn: &mut Conn, sub: &str, key: &str) -> QueryResult<Option<RecipeId>> {
    OfSource { sub, key }.optional(conn)
}
