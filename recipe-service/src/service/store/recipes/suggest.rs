use common::db::{Conn, QueryResult, each};
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};

use crate::domain::ids::HouseholdId;
use crate::service::store::sql::Sql;
use crate::service::store::{access, households};

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
    let households = reader.map(|reader| households::of(conn, reader)).transpose()?.unwrap_or_default();
    let mut sql = Sql::new();
    let beginning = Beginning { text: beginning, households, count };
    beginning.push(conn, "recipe_tags", "tag", "TRUE", &mut sql);
    sql.push(" UNION ALL ");
    beginning.push(conn, "recipe_labels", "label", "kind = 'ingredient'", &mut sql);
    sql.push(" ORDER BY 1, 3 DESC, 2");
    let rows: Vec<(String, String, i64)> = each!(conn, c => sql.load(c))?;
    let mut suggestions = Suggestions::default();
    for (table, word, _) in rows {
        match table.as_str() {
            "recipe_tags" => suggestions.tags.push(word),
            _ => suggestions.ingredients.push(word),
        }
    }
    Ok(suggestions)
}

struct Beginning<'a> {
    text: &'a str,
    /// Whose recipes are suggested from beside the public ones.
    households: Vec<HouseholdId>,
    count: i64,
}

impl Beginning<'_> {
    /// The most frequent words of a table. They are counted for each of those whom they are shown to, since an index has them
    /// in that order: only words have to be sorted, not every use of them.
    fn push(&self, conn: &Conn, table: &str, column: &str, kind: &str, sql: &mut Sql<(Text, Text, BigInt)>) {
        sql.push(&format!(
            "SELECT * FROM (SELECT CAST('{table}' AS TEXT) AS source, word, CAST(sum(uses) AS BIGINT) AS uses FROM ("
        ));
        for household in [None].into_iter().chain(self.households.iter().map(Some)) {
            sql.push(if household.is_some() { " UNION ALL " } else { "" });
            sql.push(&format!("SELECT {column} AS word, count(*) AS uses FROM {table} WHERE shown_to = "));
            match household {
                Some(household) => sql.household(*household),
                None => sql.push(access::everyone(conn.dialect())),
            }
            sql.push(&format!(" AND {kind} AND {column} >= "));
            sql.text(self.text);
            sql.push(&format!(" AND {column} < "));
            // Nothing that begins so sorts behind this, byte by byte.
            sql.text(&format!("{}\u{10ffff}", self.text));
            sql.push(&format!(" GROUP BY {column}"));
        }
        sql.push(") AS counted GROUP BY word ORDER BY 3 DESC, 2 LIMIT ");
        sql.number(self.count);
        sql.push(&format!(") AS of_{table}"));
    }
}
