use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::domain::ids::RecipeId;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::visibility::Visibility;

statement! {
    struct Read<'a> { id: Guid = RecipeId, reader: Nullable<Text> = Option<&'a str> }
    -> (BigInt, Text, Nullable<Text>, Text, Text, Nullable<Text>, InstantSql, InstantSql, Nullable<InstantSql>, Text)
    concat!(
        "SELECT r.version, r.owner_sub, p.name, r.visibility, r.slug, r.cover, r.created_at, r.updated_at, \
         r.published_at, r.document \
         FROM recipes AS r LEFT JOIN people p ON p.sub = r.owner_sub WHERE r.id = $1 AND ",
        readable!("$2")
    )
}

type Row =
    (i64, String, Option<String>, String, String, Option<String>, Instant, Instant, Option<Instant>, String);

/// A recipe, if the reader may see it.
pub fn read(conn: &mut Conn, id: RecipeId, reader: Option<&str>) -> QueryResult<Option<Recipe>> {
    let row: Option<Row> = Read { id, reader }.optional(conn)?;
    Ok(row.map(|row| recipe(id, row)))
}

fn recipe(id: RecipeId, row: Row) -> Recipe {
    let (version, sub, name, visibility, slug, cover, created_at, updated_at, published_at, document) = row;
    let owner = Owner { sub, name };
    let visibility = visibility_of(&visibility);
    Recipe { id, version, owner, visibility, slug, cover, created_at, updated_at, published_at, document }
}

pub(super) fn visibility_of(word: &str) -> Visibility {
    Visibility::parse(word).expect("BUG: the table holds a visibility that is none")
}
