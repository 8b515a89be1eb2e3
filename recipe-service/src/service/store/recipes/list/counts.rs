//! How many recipes match, and how many of them have each tag and label.
//!
//! What is told by words and marks alone is counted in their index, and where nothing is asked for, in the indexes of those
//! to whom lists show a recipe, a tag and a label. Anything else needs a look at each recipe.

use diesel::sql_types::{BigInt, Text};

use super::arms::Arm;
use super::matching::Matching;
use crate::domain::listing::Facet;
use crate::service::store::sql::Sql;
use crate::service::store::{access, search};

/// So many words of each facet are answered: those that most recipes have.
const MAX_WORDS: i64 = 50;

type Counted = Sql<(Text, Text, BigInt)>;

/// The statement that counts all recipes that match, and those with each word of these facets.
pub fn statement(matching: &Matching, facets: &[Facet]) -> Counted {
    let mut sql = Sql::new();
    sql.push("WITH found AS (");
    push_found(matching, &mut sql);
    sql.push(
        ") SELECT CAST('total' AS TEXT) AS facet, CAST('' AS TEXT) AS word, count(*) AS uses FROM found",
    );
    let from_all = matching.selection.filters.are_none();
    for facet in facets {
        let words = Words::of(*facet);
        sql.push(&format!(
            " UNION ALL SELECT * FROM (SELECT CAST('{0}' AS TEXT) AS facet, w.{1} AS word, count(*) AS uses FROM ",
            words.facet, words.column
        ));
        match from_all {
            true => push_shown(matching, &words, &mut sql),
            false => sql.push(&format!(
                "found f JOIN {} w ON w.recipe_id = f.id WHERE {}",
                words.table, words.condition
            )),
        }
        sql.push(&format!(
            " GROUP BY w.{} ORDER BY 3 DESC, 2 LIMIT {MAX_WORDS}) AS facet_{}",
            words.column, words.facet
        ));
    }
    sql.push(" ORDER BY 1, 3 DESC, 2");
    sql
}

/// The ids of all that match.
fn push_found(matching: &Matching, sql: &mut Counted) {
    let sought = matching.sought();
    if let Some(sought) = &sought
        && matching.selection.filters.are_in_index()
    {
        let (before, behind) = search::found(matching.dialect);
        sql.push(before);
        sql.text(sought);
        sql.push(behind);
        sql.push(" AND ");
        return push_scopes(matching, "s", sql);
    }
    if matching.selection.filters.are_none() {
        sql.push("SELECT r.id FROM recipes AS r WHERE ");
        return push_scopes(matching, "r", sql);
    }
    for (index, arm) in matching.arms.iter().enumerate() {
        sql.push(if index > 0 { " UNION ALL " } else { "" });
        sql.push("SELECT r.id FROM recipes AS r WHERE ");
        matching.push(arm, sought.as_deref(), sql);
    }
}

fn push_shown(matching: &Matching, words: &Words, sql: &mut Counted) {
    sql.push(&format!("{} w WHERE {} AND ", words.table, words.condition));
    push_scopes(matching, "w", sql);
}

/// The condition that what is counted is shown in one of the parts.
fn push_scopes(matching: &Matching, table: &str, sql: &mut Counted) {
    for (index, arm) in matching.arms.iter().enumerate() {
        sql.push(&if index > 0 { ", ".to_owned() } else { format!("{table}.shown_to IN (") });
        match arm {
            Arm::Public => sql.push(access::everyone(matching.dialect)),
            Arm::Home { household, .. } => sql.household(*household),
        }
    }
    sql.push(")");
}

/// Where the words of a facet are kept.
struct Words {
    facet: &'static str,
    table: &'static str,
    column: &'static str,
    condition: String,
}

impl Words {
    fn of(facet: Facet) -> Self {
        let (table, column, condition) = match facet {
            Facet::Tag => ("recipe_tags", "tag", "TRUE".to_owned()),
            Facet::Label(kind) => ("recipe_labels", "label", format!("w.kind = '{}'", kind.as_str())),
        };
        Self { facet: facet.as_str(), table, column, condition }
    }
}
