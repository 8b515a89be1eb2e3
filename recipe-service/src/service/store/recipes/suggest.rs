use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Nullable, Text};

statement! {
    struct Suggest<'a> { from: Text = &'a str, to: Text = &'a str, reader: Nullable<Text> = Option<&'a str>, count: BigInt = i64 }
    -> (Text, Text, BigInt)
    concat!(
        "SELECT kind, word, uses FROM (SELECT CAST('tag' AS TEXT) AS kind, t.tag AS word, count(*) AS uses \
         FROM recipe_tags t WHERE t.tag >= $1 AND t.tag < $2 AND ",
        shown!("t.shown_to", "$3"),
        " GROUP BY t.tag ORDER BY uses DESC, word LIMIT $4) AS tags UNION ALL \
         SELECT kind, word, uses FROM (SELECT CAST('ingredient' AS TEXT) AS kind, l.label AS word, count(*) AS uses \
         FROM recipe_labels l WHERE l.kind = 'ingredient' AND l.label >= $1 AND l.label < $2 AND ",
        shown!("l.shown_to", "$3"),
        " GROUP BY l.label ORDER BY uses DESC, word LIMIT $4) AS ingredients ORDER BY 1, 3 DESC, 2"
    )
}

/// Words of recipes that the reader's lists may show.
#[derive(Default)]
pub struct Suggestions {
    pub tags: Vec<String>,
    pub ingredients: Vec<String>,
}

/// The tags and ingredients that begin so, those of the most recipes first.
pub fn suggest(
    conn: &mut Conn,
    beginning: &str,
    reader: Option<&str>,
    count: i64,
) -> QueryResult<Suggestions> {
    // Nothing that begins so sorts behind this, byte by byte.
    let to = format!("{beginning}\u{10ffff}");
    let rows: Vec<(String, String, i64)> = Suggest { from: beginning, to: &to, reader, count }.all(conn)?;
    let mut suggestions = Suggestions::default();
    for (kind, word, _) in rows {
        match kind.as_str() {
            "tag" => suggestions.tags.push(word),
            _ => suggestions.ingredients.push(word),
        }
    }
    Ok(suggestions)
}
