use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text};

use crate::domain::ids::RecipeId;
use crate::domain::search::SEARCH_FORMAT;

/// A recipe whose words the index does not have as they are now.
pub struct Stale {
    pub id: RecipeId,
    pub document: String,
}

statement! {
    struct Find { format: SmallInt = i16, after: Nullable<Guid> = Option<RecipeId>, count: BigInt = i64 } -> (Guid, Text)
    "SELECT r.id, r.document FROM recipes AS r LEFT JOIN recipe_search s ON s.recipe_id = r.id \
     WHERE ($2 IS NULL OR r.id > $2) AND (s.recipe_id IS NULL OR s.version <> r.version OR s.format <> $1) \
     ORDER BY r.id LIMIT $3"
}

/// Some of them, of all households, in the order of their ids behind this one, if one is named.
pub fn stale(conn: &mut Conn, after: Option<RecipeId>, count: i64) -> QueryResult<Vec<Stale>> {
    let rows: Vec<(RecipeId, String)> = Find { format: SEARCH_FORMAT, after, count }.all(conn)?;
    Ok(rows.into_iter().map(|(id, document)| Stale { id, document }).collect())
}
