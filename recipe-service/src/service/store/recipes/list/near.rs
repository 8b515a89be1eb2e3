//! Words, which very many recipes may have, or very few; and marks, which are words to the index.
//!
//! To list what has a common word a database would look at every recipe that has it and sort them: 60 ms where fifty
//! thousand do. But of such a word a page is full after a few recipes of the list, in its order. To walk the list for a
//! rare word would take longer still, and what a database expects of a word may be far from what there is: so it is looked.
//! Each tier begins with some of its recipes. If these are all, they are what is looked at. Else the list is walked along
//! its index until the page is full.
//!
//! On SQLite, which cannot ask whether one recipe has the words, the recipes that a tier begins with are those that were
//! written last (or first, where the list begins with those). Whether a recipe has the words shows among these, and on a page
//! behind another among those that were written about when the recipe was where that one ended. For any other it shows among
//! all that have the words, whose numbers are gathered when the first of those comes.

use common::db::Dialect;

use super::SqlRow;
use super::arms::Arm;
use super::matching::Matching;
use super::page::{direction, each_recipe, push_columns, push_most, push_order, push_tier};
use super::tiers::Tier;
use crate::domain::ids::RecipeId;
use crate::service::store::sql::Sql;

/// So many of a tier are near. To look at each of as many takes some milliseconds.
const NEAR: i64 = 1_000;

/// By so much the numbers of recipes may be out of order that are next to each other in a list.
const ABOUT: i64 = 100;

pub fn is_for(tier: &Tier) -> bool {
    tier.sought.is_some()
}

/// What is near of each tier, as tables for the statement that follows. Answers whether there are any.
pub fn push_tables(matching: &Matching, tiers: &[Tier], sql: &mut Sql<SqlRow>) -> bool {
    let mut tables: Vec<&Tier> = tiers.iter().filter(|tier| is_for(tier)).collect();
    tables.dedup_by_key(|tier| tier.near);
    for (index, tier) in tables.iter().enumerate() {
        sql.push(if index > 0 { ", " } else { "WITH " });
        push_table(matching, tier, tier.near, None, sql);
        if let (Dialect::Sqlite, Some(after)) = (matching.dialect, &matching.selection.after) {
            sql.push(", ");
            push_table(matching, tier, &beside(tier), Some(after.id), sql);
        }
    }
    !tables.is_empty()
}

/// What the table is called of those that were written about when the page before ended.
fn beside(tier: &Tier) -> String {
    format!("{}_beside", tier.near)
}

/// Some that have the words. On Postgres these are any; on SQLite those that were written last or first, of all, or of those
/// with a number about that of a recipe, or beyond it as the list goes.
fn push_table(matching: &Matching, tier: &Tier, name: &str, about: Option<RecipeId>, sql: &mut Sql<SqlRow>) {
    sql.push(&format!("{name} (number) AS MATERIALIZED ("));
    match matching.dialect {
        Dialect::Postgres => {
            sql.push("SELECT s.recipe_id FROM recipe_search s WHERE s.words @@ ");
            push_sought(tier, sql);
            sql.push("::tsquery");
        }
        Dialect::Sqlite => {
            sql.push("SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH ");
            push_sought(tier, sql);
            if let Some(id) = about {
                sql.push(if matching.selection.sort.descending {
                    " AND w.rowid <= "
                } else {
                    " AND w.rowid >= "
                });
                push_number_about(matching, id, sql);
            }
            sql.push(&format!(" ORDER BY w.rowid {}", direction(matching)));
        }
    }
    sql.push(&format!(" LIMIT {NEAR}) "));
}

/// The number of a recipe, and some more: those that were written at the same time may be listed in another order.
fn push_number_about(matching: &Matching, id: RecipeId, sql: &mut Sql<SqlRow>) {
    let sign = if matching.selection.sort.descending { "+" } else { "-" };
    sql.push(&format!("(SELECT s.number {sign} {ABOUT} FROM recipe_search s WHERE s.recipe_id = "));
    sql.recipe(id);
    sql.push(")");
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
    push_columns(matching, tier, &format!("{} AS n {}", tier.near, each_near(matching)), sql);
    matching.push_but_words(arm, sql);
    push_tier(matching, tier, sql);
    push_end(matching, tier, "<", sql);
    sql.push(&format!(") AS looked_at_{name}"));
}

fn each_near(matching: &Matching) -> String {
    match matching.dialect {
        Dialect::Postgres => each_recipe(matching, "n.number"),
        Dialect::Sqlite => format!(
            "CROSS JOIN recipe_search AS s ON s.number = n.number {}",
            each_recipe(matching, "s.recipe_id")
        ),
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
    let (before, beyond, last, end) = match matching.selection.sort.descending {
        true => ("<=", ">=", "min", "0"),
        false => (">=", "<=", "max", "9223372036854775807"),
    };
    let (near, beside) = (tier.near, beside(tier));
    sql.push(" AND CASE ");
    if let Some(after) = &matching.selection.after {
        sql.push(&format!("WHEN {NUMBER} {before} "));
        push_number_about(matching, after.id, sql);
        sql.push(&format!(
            " AND {NUMBER} {beyond} \
             (SELECT CASE count(*) WHEN {NEAR} THEN {last}(number) ELSE {end} END FROM {beside}) \
             THEN {NUMBER} IN (SELECT number FROM {beside}) "
        ));
    }
    sql.push(&format!(
        "WHEN {NUMBER} {beyond} (SELECT {last}(number) FROM {near}) THEN {NUMBER} IN (SELECT number FROM {near}) \
         ELSE {NUMBER} IN (SELECT w.rowid FROM recipe_words w WHERE w.recipe_words MATCH "
    ));
    push_sought(tier, sql);
    sql.push(") END");
}

/// The order, and how many: none unless so many are near.
fn push_end(matching: &Matching, tier: &Tier, is: &str, sql: &mut Sql<SqlRow>) {
    push_order(matching, sql);
    push_most(matching, tier, &format!("(SELECT count(*) FROM {}) {is} {NEAR}", tier.near), sql);
}
