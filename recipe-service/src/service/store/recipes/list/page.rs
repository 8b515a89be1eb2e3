use common::db::Dialect;

use super::SqlRow;
use super::matching::Matching;
use super::near;
use super::tiers::{Tier, tiers};
use crate::domain::listing::{PositionKey, SortKey};
use crate::service::store::sql::Sql;

/// The statement that reads a page: which recipes are on it is told by what they are sorted by, and no more than those are
/// read.
pub fn statement(matching: &Matching) -> Sql<SqlRow> {
    let selection = matching.selection;
    let mut sql = Sql::new();
    let tiers = tiers(matching);
    let has_tables = near::push_tables(matching, &tiers, &mut sql);
    let (first, spare) = tiers.split_at(1);
    if !spare.is_empty() {
        sql.push(&format!("{} {FIRST} AS MATERIALIZED (", if has_tables { "," } else { "WITH" }));
        push_parts(matching, first, &mut sql);
        sql.push(") ");
    }
    push_wide_columns(matching, &mut sql);
    sql.push(" FROM (SELECT c.* FROM (");
    if spare.is_empty() {
        push_parts(matching, first, &mut sql);
    } else {
        sql.push(&format!("SELECT * FROM {FIRST} UNION ALL "));
        push_parts(matching, spare, &mut sql);
    }
    sql.push(") AS c");
    push_whole_order(matching, &mut sql);
    sql.push(" LIMIT ");
    sql.number(selection.count);
    sql.push(" OFFSET ");
    sql.number(selection.skip);
    sql.push(&format!(") AS c {} LEFT JOIN people p ON p.sub = r.owner_sub", each_recipe(matching, "c.id")));
    push_whole_order(matching, &mut sql);
    sql
}

/// What the table of the first tier is called, where there is another one.
const FIRST: &str = "first_tier";

fn push_parts(matching: &Matching, tiers: &[Tier], sql: &mut Sql<SqlRow>) {
    let parts = matching.arms.iter().flat_map(|arm| tiers.iter().map(move |tier| (arm, tier)));
    for (index, (arm, tier)) in parts.enumerate() {
        sql.push(if index > 0 { " UNION ALL " } else { "" });
        let name = format!("{}_{index}", if tier.is_spare { "spare" } else { "part" });
        if near::is_for(tier) {
            near::push(matching, arm, tier, &name, sql);
            continue;
        }
        sql.push("SELECT * FROM (");
        push_columns(matching, tier, "recipes AS r", sql);
        matching.push_but_words(arm, sql);
        push_tier(matching, tier, sql);
        push_order(matching, sql);
        push_most(matching, tier, "TRUE", sql);
        sql.push(&format!(") AS {name}"));
    }
}

/// So many of each part can be on the page, and none where the condition does not hold, or those before are enough.
pub fn push_most(matching: &Matching, tier: &Tier, condition: &str, sql: &mut Sql<SqlRow>) {
    let most = matching.selection.skip + matching.selection.count;
    sql.push("CASE ");
    if tier.is_spare {
        sql.push(&format!("WHEN (SELECT count(*) FROM {FIRST}) >= "));
        sql.number(most);
        sql.push(" THEN 0 ");
    }
    sql.push(&format!("WHEN {condition} THEN "));
    sql.number(most);
    sql.push(" ELSE 0 END");
}

fn push_wide_columns(matching: &Matching, sql: &mut Sql<SqlRow>) {
    let number = match matching.selection.sort.by {
        SortKey::Time | SortKey::Rating => "c.key",
        _ => "NULL",
    };
    let document = if matching.selection.with_documents { "r.document" } else { "NULL" };
    sql.push(&format!(
        "SELECT r.id, r.title, r.owner_sub, p.name, r.visibility, r.tags, r.cover, r.times, r.version, \
         r.created_at, r.updated_at, r.title_key, c.score, CAST({number} AS BIGINT), CAST({document} AS TEXT)"
    ));
}

/// What tells where each stands, up to where its condition does.
pub fn push_columns(matching: &Matching, tier: &Tier, from: &str, sql: &mut Sql<SqlRow>) {
    let (score, column) = (tier.score, column(matching));
    sql.push(&format!("SELECT r.id, CAST({score} AS BIGINT) AS score, r.{column} AS key FROM {from} WHERE "));
}

/// The recipe of each id, by the index of ids and in no other way.
pub fn each_recipe(matching: &Matching, id: &str) -> String {
    match matching.dialect {
        // What has an OFFSET is not turned into a join, of which the planner might read all.
        Dialect::Postgres => {
            format!("CROSS JOIN LATERAL (SELECT * FROM recipes WHERE id = {id} OFFSET 0) AS r")
        }
        Dialect::Sqlite => format!("CROSS JOIN recipes AS r ON r.id = {id}"),
    }
}

/// The condition that a recipe is of this tier, and behind where the page before ended.
pub fn push_tier(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    if let Some(has_number) = tier.has_number {
        let is = if has_number { "IS NOT NULL" } else { "IS NULL" };
        sql.push(&format!(" AND r.{} {is}", column(matching)));
    }
    push_after(matching, tier, sql);
}

fn push_after(matching: &Matching, tier: &Tier, sql: &mut Sql<SqlRow>) {
    let Some(after) = &matching.selection.after else { return };
    if matches!(after.key, PositionKey::Relevance(score, _) | PositionKey::Number(score, _) if score != tier.score)
    {
        // All of this tier lies beyond.
        return;
    }
    let beyond = if matching.selection.sort.descending { "<" } else { ">" };
    if let PositionKey::Number(_, None) = after.key {
        sql.push(&format!(" AND r.id {beyond} "));
        return sql.recipe(after.id);
    }
    sql.push(&format!(" AND (r.{}, r.id) {beyond} (", column(matching)));
    match &after.key {
        PositionKey::Time(time) | PositionKey::Relevance(_, time) => sql.time(*time),
        PositionKey::Title(title) => sql.text(title),
        PositionKey::Number(_, number) => sql.number(number.unwrap_or_default()),
    }
    sql.push(", ");
    sql.recipe(after.id);
    sql.push(")");
}

/// The order of a part, which has one score, up to where the number of rows stands.
pub fn push_order(matching: &Matching, sql: &mut Sql<SqlRow>) {
    let (column, direction) = (column(matching), direction(matching));
    sql.push(&format!(" ORDER BY r.{column} {direction}, r.id {direction} LIMIT "));
}

fn push_whole_order(matching: &Matching, sql: &mut Sql<SqlRow>) {
    let direction = direction(matching);
    sql.push(&format!(" ORDER BY c.score {direction}, c.key {direction}, c.id {direction}"));
}

pub fn direction(matching: &Matching) -> &'static str {
    if matching.selection.sort.descending { "DESC" } else { "ASC" }
}

/// What the list is sorted by.
fn column(matching: &Matching) -> &'static str {
    match matching.selection.sort.by {
        SortKey::Relevance | SortKey::Updated => "updated_at",
        SortKey::Created => "created_at",
        SortKey::Title => "title_key",
        SortKey::Time => "total_time",
        SortKey::Rating => "rating_key",
    }
}
