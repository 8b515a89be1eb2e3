use super::SqlRow;
use super::matching::Matching;
use super::near;
use super::tiers::{Tier, tiers};
use crate::domain::listing::{PositionKey, SortKey};
use crate::service::store::sql::Sql;

/// The statement that reads a page.
pub fn statement(matching: &Matching) -> Sql<SqlRow> {
    let selection = matching.selection;
    let mut sql = Sql::new();
    let tiers = tiers(matching);
    near::push_tables(matching, &tiers, &mut sql);
    sql.push(
        "SELECT c.id, c.title, c.owner_sub, p.name, c.visibility, c.tags, c.cover, c.times, c.version, \
         c.created_at, c.updated_at, c.title_key, c.score, c.number, c.document FROM (",
    );
    let parts = matching.arms.iter().flat_map(|arm| tiers.iter().map(move |tier| (arm, tier)));
    for (index, (arm, tier)) in parts.enumerate() {
        sql.push(if index > 0 { " UNION ALL " } else { "" });
        if near::is_for(tier) {
            near::push(matching, arm, tier, &format!("{index}"), &mut sql);
        } else {
            sql.push("SELECT * FROM (");
            push_columns(matching, tier, "recipes AS r", &mut sql);
            matching.push_but_words(arm, &mut sql);
            push_tier(matching, tier, &mut sql);
            push_order(matching, "r", false, &mut sql);
            sql.number(most(matching));
            sql.push(&format!(") AS part_{index}"));
        }
    }
    sql.push(") AS c LEFT JOIN people p ON p.sub = c.owner_sub");
    push_order(matching, "c", true, &mut sql);
    sql.number(selection.count);
    sql.push(" OFFSET ");
    sql.number(selection.skip);
    sql
}

/// So many of each part can be on the page.
pub fn most(matching: &Matching) -> i64 {
    matching.selection.skip + matching.selection.count
}

/// What is read of each, up to where its condition stands.
pub fn push_columns(matching: &Matching, tier: &Tier, from: &str, sql: &mut Sql<SqlRow>) {
    let number = match tier.has_number {
        Some(_) => format!("r.{}", column(matching)),
        None => "CAST(NULL AS BIGINT)".to_owned(),
    };
    let document = if matching.selection.with_documents { "r.document" } else { "CAST(NULL AS TEXT)" };
    sql.push(
        "SELECT r.id, r.title, r.owner_sub, r.visibility, r.tags, r.cover, r.times, r.version, \
         r.created_at, r.updated_at, r.title_key, CAST(",
    );
    sql.push(&format!(
        "{} AS BIGINT) AS score, {number} AS number, {document} AS document FROM {from} WHERE ",
        tier.score
    ));
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

/// The order, up to where the number of rows stands.
pub fn push_order(matching: &Matching, table: &str, is_whole: bool, sql: &mut Sql<SqlRow>) {
    let direction = if matching.selection.sort.descending { "DESC" } else { "ASC" };
    let column = match (is_whole, matching.selection.sort.by) {
        (true, SortKey::Time | SortKey::Rating) => "number",
        _ => column(matching),
    };
    let by_score = match is_whole {
        true => format!("{table}.score {direction}, "),
        // A part has one score.
        false => String::new(),
    };
    sql.push(&format!(" ORDER BY {by_score}{table}.{column} {direction}, {table}.id {direction} LIMIT "));
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
