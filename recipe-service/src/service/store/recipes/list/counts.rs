use diesel::sql_types::{BigInt, Text};

use super::matching::Matching;
use crate::domain::listing::Facet;
use crate::service::store::sql::Sql;

/// So many words of each facet are answered: those that most recipes have.
const MAX_WORDS: i64 = 50;

/// The statement that counts all recipes that match, and those with each word of these facets.
pub fn statement(matching: &Matching, facets: &[Facet]) -> Sql<(Text, Text, BigInt)> {
    let mut sql = Sql::new();
    sql.push("WITH found AS (");
    let sought = matching.sought();
    for (index, arm) in matching.arms.iter().enumerate() {
        sql.push(if index > 0 { " UNION ALL " } else { "" });
        sql.push("SELECT r.id FROM recipes AS r WHERE ");
        matching.push(arm, sought.as_deref(), &mut sql);
    }
    sql.push(
        ") SELECT CAST('total' AS TEXT) AS facet, CAST('' AS TEXT) AS word, count(*) AS uses FROM found",
    );
    for facet in facets {
        sql.push(" UNION ALL ");
        sql.push(&words(*facet));
    }
    sql.push(" ORDER BY 1, 3 DESC, 2");
    sql
}

fn words(facet: Facet) -> String {
    let (table, column, of_kind) = match facet {
        Facet::Tag => ("recipe_tags", "tag", String::new()),
        Facet::Label(kind) => ("recipe_labels", "label", format!(" AND w.kind = '{}'", kind.as_str())),
    };
    let name = facet.as_str();
    format!(
        "SELECT * FROM (SELECT CAST('{name}' AS TEXT) AS facet, w.{column} AS word, count(*) AS uses \
         FROM found f JOIN {table} w ON w.recipe_id = f.id{of_kind} \
         GROUP BY w.{column} ORDER BY 3 DESC, 2 LIMIT {MAX_WORDS}) AS facet_{name}"
    )
}
