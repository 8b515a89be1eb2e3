//! Words, which very many recipes may have, or very few; and marks, which are words to the index.
//!
//! To list what has a common word a database would look at every recipe that has it and sort them: 60 ms where fifty
//! thousand do. But of such a word a page is full after a few recipes of the list, in its order. To walk the list for a
//! rare word would take longer still, and what a database expects of a word may be far from what there is: so it is looked.
//! Each tier begins with some of its recipes. If these are all, they are what is looked at. Else the list is walked along
//! its index until the page is full.
//!
//! On SQLite, which cannot ask whether one recipe has the words, the recipes that a tier begins with are those that were
//! written last (or first, where the list begins with those). Whether a recipe has the words shows among these, and for one
//! from before them among all that have the words, whose numbers are gathered when the first of those comes.

use common::db::Dialect;

use super::SqlRow;
use super::arms::Arm;
use super::matching::Matching;
use super::page::{most, push_columns, push_order, push_tier};
use super::tiers::Tier;
use crate::service::store::sql::Sql;

/// So many of a tier are near. To look at each of as many takes some milliseconds.
const NEAR: i64 = 1_000;

pub fn is_for(tier: &Tier) -> bool {
    tier.sought.is_some()
}

/// What is near of each tier, as tables for the statement that follows.
pub fn push_tables(matching: &Matching, tiers: &[Tier], sql: &mut Sql<SqlRow>) {
    let mut tables: Vec<&Tier> = tiers.iter().filter(|tier| is_for(tier)).collect();
    tables.dedup_by_key(|tier| tier.near);
    for (index, tier) in tables.into_iter().enumerate() {
        sql.push(if index > 0 { ", " } else { "WITH " });
        sql.push(&format!("{} (number) AS MATERIALIZED (", tier.near));
        push_some(matching, tier, sql);
        sql.push(&format!(" LIMIT {NEAR}) "));
    }
}

/// Some that have the words: those that are written last or first on SQLite, and any on Postgres.
fn push_some(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    match matching.dialect {
        Dialect::Postgres => {
            sql.push("SELECT s.recipe_id FROM recipe_search s WHERE s.words @@ ");
            push_sought(tier, sql);
            sql.push("::tsquery");
        }
        Dialect::Sqlite => {
            sql.push("SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH ");
            push_sought(tier, sql);
            let direction = if matching.selection.sort.descending { "DESC" } else { "ASC" };
            sql.push(&format!(" ORDER BY w.rowid {direction}"));
        }
    }
}

fn push_sought(tier: &Tier, sql: &mut Sql<SqlRow>) {
    sql.text(tier.sought.as_deref().unwrap_or_default());
}

/// The rows of a part and a tier: walked, or looked at one by one. The other one's limit is zero.
pub fn push(matching: &Matching, arm: &Arm, tier: &Tier, name: &str, sql: &mut Sql<SqlRow>) {
    sql.push("SELECT * FROM (");
    push_columns(matching, tier, "recipes AS r", sql);
    matching.push_but_words(arm, sql);
    push_is_sought(matching, tier, sql);
    push_tier(matching, tier, sql);
    push_end(matching, tier, "=", sql);
    sql.push(&format!(") AS walked_{name} UNION ALL SELECT * FROM ("));
    push_columns(matching, tier, &format!("{} AS n CROSS JOIN {}", tier.near, each_near(matching)), sql);
    matching.push_but_words(arm, sql);
    push_tier(matching, tier, sql);
    push_end(matching, tier, "<", sql);
    sql.push(&format!(") AS looked_at_{name}"));
}

/// The recipe of each number, by its index and in no other way.
fn each_near(matching: &Matching) -> &'static str {
    match matching.dialect {
        // What has an OFFSET is not turned into a join, of which the planner might read all.
        Dialect::Postgres => "LATERAL (SELECT * FROM recipes WHERE id = n.number OFFSET 0) AS r",
        Dialect::Sqlite => {
            "recipe_search AS s ON s.number = n.number CROSS JOIN recipes AS r ON r.id = s.recipe_id"
        }
    }
}

/// The condition that a recipe has the words, for each by itself.
fn push_is_sought(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    match matching.dialect {
        Dialect::Postgres => {
            sql.push(" AND (SELECT s.words @@ ");
            push_sought(tier, sql);
            sql.push("::tsquery FROM recipe_search s WHERE s.recipe_id = r.id)");
        }
        Dialect::Sqlite => push_is_among(matching, tier, sql),
    }
}

fn push_is_among(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    const NUMBER: &str = "(SELECT s.number FROM recipe_search s WHERE s.recipe_id = r.id)";
    let (is_near, last) = if matching.selection.sort.descending { (">=", "min") } else { ("<=", "max") };
    let near = tier.near;
    sql.push(&format!(
        " AND CASE WHEN {NUMBER} {is_near} (SELECT {last}(number) FROM {near}) \
         THEN {NUMBER} IN (SELECT number FROM {near}) \
         ELSE {NUMBER} IN (SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH "
    ));
    push_sought(tier, sql);
    sql.push(") END");
}

/// The order, and how many: none unless so many are near.
fn push_end(matching: &Matching, tier: &Tier, is: &str, sql: &mut Sql<SqlRow>) {
    push_order(matching, "r", false, sql);
    sql.push(&format!("(SELECT CASE WHEN count(*) {is} {NEAR} THEN "));
    sql.number(most(matching));
    sql.push(&format!(" ELSE 0 END FROM {})", tier.near));
}
