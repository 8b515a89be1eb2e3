use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use crate::domain::ids::RecipeId;
use crate::domain::recipe::{Owner, Rating, Recipe};
use crate::domain::visibility::Visibility;

/// What is answered of a recipe, from `recipes AS r` and `people AS p`.
macro_rules! columns {
    () => {
        "r.version, r.owner_sub, p.name, r.visibility, r.slug, r.cover, r.rating_sum, r.rating_count, r.created_at, \
         r.updated_at, r.published_at, r.document"
    };
}

statement! {
    struct Read<'a> { id: Guid = RecipeId, reader: Nullable<Text> = Option<&'a str> }
    -> (
        BigInt, Text, Nullable<Text>, Text, Text, Nullable<Text>, BigInt, BigInt, InstantSql, InstantSql,
        Nullable<InstantSql>, Text
    )
    concat!(
        "SELECT ",
        columns!(),
        " FROM recipes AS r LEFT JOIN people p ON p.sub = r.owner_sub WHERE r.id = $1 AND ",
        readable!("$2")
    )
}

type Row = (
    i64,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    i64,
    i64,
    Instant,
    Instant,
    Option<Instant>,
    String,
);

/// A recipe, if the reader may see it.
pub fn read(conn: &mut Conn, id: RecipeId, reader: Option<&str>) -> QueryResult<Option<Recipe>> {
    let row: Option<Row> = Read { id, reader }.optional(conn)?;
    Ok(row.map(|row| recipe(id, row)))
}

statement! {
    struct Shared<'a> { token_hash: Binary = &'a [u8], now: InstantSql = Instant }
    -> (Guid, (
        BigInt, Text, Nullable<Text>, Text, Text, Nullable<Text>, BigInt, BigInt, InstantSql, InstantSql,
        Nullable<InstantSql>, Text
    ))
    concat!(
        "SELECT r.id, ",
        columns!(),
        " FROM shares s JOIN recipes AS r ON r.id = s.recipe_id LEFT JOIN people p ON p.sub = r.owner_sub WHERE ",
        shared!("$1", "$2")
    )
}

/// The recipe that a share link of this hash leads to, if it has not expired.
pub fn shared(conn: &mut Conn, token_hash: &[u8], now: Instant) -> QueryResult<Option<Recipe>> {
    let row: Option<(RecipeId, Row)> = Shared { token_hash, now }.optional(conn)?;
    Ok(row.map(|(id, row)| recipe(id, row)))
}

fn recipe(id: RecipeId, row: Row) -> Recipe {
    let (
        version,
        sub,
        name,
        visibility,
        slug,
        cover,
        sum,
        count,
        created_at,
        updated_at,
        published_at,
        document,
    ) = row;
    let owner = Owner { sub, name };
    let visibility = visibility_of(&visibility);
    let rating = Rating::of(sum, count);
    Recipe {
        id,
        version,
        owner,
        visibility,
        slug,
        cover,
        rating,
        created_at,
        updated_at,
        published_at,
        document,
    }
}

pub(in crate::service::store) fn visibility_of(word: &str) -> Visibility {
    Visibility::parse(word).expect("BUG: the table holds a visibility that is none")
}
