//! Words on SQLite, which very many recipes may have.
//!
//! To list what has a word SQLite would look at every recipe that has it and sort them: 60 ms where fifty thousand do. But
//! of such a word a page is full after a few recipes of the list, in its order. So each tier begins with those of its
//! recipes that were written last (or first, where the list begins with those). If these are all, they are what is looked
//! at. Else the list is walked along its index until the page is full; whether a recipe has the words shows among these,
//! and for one from before them among all that have the words, whose numbers are gathered when the first of those comes.
//!
//! Postgres counts how often a word is there, and chooses between the two by itself.

use common::db::Dialect;

use super::SqlRow;
use super::arms::Arm;
use super::matching::Matching;
use super::page::{most, push_columns, push_order, push_tier};
use super::tiers::Tier;
use crate::service::store::sql::Sql;

/// So many of a tier are near. To look at each of as many takes 2 ms.
const NEAR: i64 = 1_000;

pub fn is_for(matching: &Matching, tier: &Tier) -> bool {
    matching.dialect == Dialect::Sqlite && tier.sought.is_some()
}

/// What is near of each tier, as tables for the statement that follows.
pub fn push_tables(matching: &Matching, tiers: &[Tier], sql: &mut Sql<SqlRow>) {
    let direction = if matching.selection.sort.descending { "DESC" } else { "ASC" };
    for (index, tier) in tiers.iter().filter(|tier| is_for(matching, tier)).enumerate() {
        let with = if index > 0 { ", " } else { "WITH " };
        sql.push(&format!(
            "{with}{} (number) AS MATERIALIZED (\
             SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH ",
            near(tier)
        ));
        sql.text(tier.sought.as_deref().unwrap_or_default());
        sql.push(&format!(" ORDER BY w.rowid {direction} LIMIT {NEAR}) "));
    }
}

/// The rows of a part and a tier: walked, or looked at one by one. The other one's limit is zero.
pub fn push(matching: &Matching, arm: &Arm, tier: &Tier, sql: &mut Sql<SqlRow>) {
    sql.push("SELECT * FROM (");
    push_columns(matching, tier, "recipes AS r", sql);
    matching.push_but_words(arm, sql);
    push_is_sought(matching, tier, sql);
    push_tier(matching, tier, sql);
    push_end(matching, tier, ("=", NEAR), sql);
    sql.push(") UNION ALL SELECT * FROM (");
    let from = format!("{} AS n CROSS JOIN recipe_search AS s CROSS JOIN recipes AS r", near(tier));
    push_columns(matching, tier, &from, sql);
    sql.push("s.number = n.number AND r.id = s.recipe_id AND ");
    matching.push_but_words(arm, sql);
    push_tier(matching, tier, sql);
    push_end(matching, tier, ("<", NEAR), sql);
    sql.push(")");
}

fn push_is_sought(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    const NUMBER: &str = "(SELECT s.number FROM recipe_search s WHERE s.recipe_id = r.id)";
    let (is_near, last) = if matching.selection.sort.descending { (">=", "min") } else { ("<=", "max") };
    let near = near(tier);
    sql.push(&format!(
        " AND CASE WHEN {NUMBER} {is_near} (SELECT {last}(number) FROM {near}) \
         THEN {NUMBER} IN (SELECT number FROM {near}) \
         ELSE {NUMBER} IN (SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH "
    ));
    sql.text(tier.sought.as_deref().unwrap_or_default());
    sql.push(") END");
}

/// The order, and how many: none unless so many are near.
fn push_end(matching: &Matching, tier: &Tier, (is, count): (&str, i64), sql: &mut Sql<SqlRow>) {
    push_order(matching, "r", false, sql);
    sql.push("(SELECT CASE WHEN count(*) ");
    sql.push(&format!("{is} {count} THEN "));
    sql.number(most(matching));
    sql.push(&format!(" ELSE 0 END FROM {})", near(tier)));
}

fn near(tier: &Tier) -> String {
    format!("near_{}", tier.score)
}
