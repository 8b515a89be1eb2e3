use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use serde_json::{Value, json};

use crate::domain::ids::RecipeId;
use crate::domain::image::Images;
use crate::domain::recipe::{Owner, Rating, Recipe};
use crate::domain::visibility::Visibility;

/// What is answered of a recipe, from `recipes AS r` and `people AS p`.
macro_rules! columns {
    () => {
        "r.version, r.owner_sub, p.name, r.visibility, r.slug, r.cover, r.rating_sum, r.rating_count, r.created_at, \
         r.updated_at, r.published_at, r.document, r.step_images"
    };
}

type SqlRow = (
    BigInt,
    Text,
    Nullable<Text>,
    Text,
    Text,
    Nullable<Text>,
    BigInt,
    BigInt,
    InstantSql,
    InstantSql,
    Nullable<InstantSql>,
    Text,
    Nullable<Text>,
);

statement! {
    struct Read<'a> { id: Guid = RecipeId, reader: Nullable<Text> = Option<&'a str> }
    -> SqlRow
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
    Option<String>,
);

/// A recipe, if the reader may see it.
pub fn read(conn: &mut Conn, id: RecipeId, reader: Option<&str>) -> QueryResult<Option<Recipe>> {
    let row: Option<Row> = Read { id, reader }.optional(conn)?;
    Ok(row.map(|row| recipe(id, row)))
}

statement! {
    /// All at once, as JSON. Each is read as its own reader may see it.
    struct ReadAll<'a> { sought: Text = &'a str }
    -> (Integer, SqlRow)
    concat!(
        "SELECT s.place, ",
        columns!(),
        " FROM {postgres json_to_recordset($1::json) AS s (place integer, id uuid, reader text)}\
          {sqlite (SELECT value ->> 'place' AS place, unhex(value ->> 'id', '-') AS id, value ->> 'reader' AS reader \
            FROM json_each($1)) AS s} \
         JOIN recipes AS r ON r.id = s.id LEFT JOIN people p ON p.sub = r.owner_sub WHERE ",
        readable!("s.reader")
    )
}

/// A recipe that somebody wants to read: anonymous, or a subject.
#[derive(Clone)]
pub struct Sought {
    pub id: RecipeId,
    pub reader: Option<String>,
}

/// Recipes in the order in which they are sought, each if its reader may see it.
pub fn read_all(conn: &mut Conn, sought: &[Sought]) -> QueryResult<Vec<Option<Recipe>>> {
    if let [Sought { id, reader }] = sought {
        return Ok(vec![read(conn, *id, reader.as_deref())?]);
    }
    let places = sought.iter().enumerate();
    let json =
        places.map(|(place, Sought { id, reader })| json!({ "place": place, "id": id, "reader": reader }));
    let rows: Vec<(i32, Row)> = ReadAll { sought: &json.collect::<Value>().to_string() }.all(conn)?;
    let mut recipes: Vec<_> = sought.iter().map(|_| None).collect();
    for (place, row) in rows {
        let place = place as usize;
        recipes[place] = Some(recipe(sought[place].id, row));
    }
    Ok(recipes)
}

statement! {
    struct Shared<'a> { token_hash: Binary = &'a [u8], now: InstantSql = Instant }
    -> (Guid, SqlRow)
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
        step_images,
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
        images: Images::of_columns(cover.as_deref(), step_images.as_deref()),
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
