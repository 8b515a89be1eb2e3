//! Lists: which recipes, in which order, and how many have what.

mod arms;
mod counts;
mod matching;
mod near;
mod page;
mod tiers;

use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, each};
use common::time::Instant;
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Nullable, Text};

use self::arms::arms;
use self::matching::Matching;
use super::read::visibility_of;
use crate::domain::ids::RecipeId;
use crate::domain::image;
use crate::domain::listing::{Count, Facet, Filters, Position, PositionKey, Sort, SortKey};
use crate::domain::recipe::{Owner, Summary};

/// What a page shows.
pub struct Selection {
    /// Whose own recipes are shown beside the public ones.
    pub reader: Option<String>,
    pub filters: Filters,
    pub sort: Sort,
    pub after: Option<Position>,
    /// How many are left out before the first.
    pub skip: i64,
    /// How many at most.
    pub count: i64,
    /// Whether the documents are wanted, too.
    pub with_documents: bool,
    /// By what all that match are counted; whatever is asked, none means that they are not.
    pub counted: Option<Vec<Facet>>,
}

/// A recipe in a list, and where in it.
pub struct Listed {
    pub summary: Summary,
    pub position: Position,
    pub document: Option<String>,
}

/// A page, and how many there are on all pages, if they were to be counted.
#[derive(Default)]
pub struct Found {
    pub listed: Vec<Listed>,
    pub total: Option<i64>,
    pub counts: Vec<Count>,
}

/// The recipes of a page, in its order: at most three statements, or two for an anonymous reader.
pub fn list(conn: &mut Conn, selection: &Selection) -> QueryResult<Found> {
    let nothing = Found { total: selection.counted.as_ref().map(|_| 0), ..Found::default() };
    if selection.filters.find_nothing() {
        return Ok(nothing);
    }
    let matching = Matching { selection, arms: arms(conn, selection)?, dialect: conn.dialect() };
    if matching.arms.is_empty() {
        return Ok(nothing);
    }
    let page = page::statement(&matching);
    let rows: Vec<Row> = each!(conn, c => page.load(c))?;
    let listed = rows.into_iter().map(|row| listed(row, selection.sort.by)).collect();
    let Some(facets) = &selection.counted else {
        return Ok(Found { listed, ..nothing });
    };
    let counts = counts::statement(&matching, facets);
    let counts: Vec<(String, String, i64)> = each!(conn, c => counts.load(c))?;
    Ok(counted(listed, counts))
}

fn counted(listed: Vec<Listed>, rows: Vec<(String, String, i64)>) -> Found {
    let mut found = Found { listed, total: Some(0), counts: Vec::new() };
    for (name, word, count) in rows {
        match Facet::parse(&name) {
            Some(facet) => found.counts.push(Count { facet, word, count }),
            None => found.total = Some(count),
        }
    }
    found
}

type SqlRow = (
    Guid,
    Text,
    Text,
    Nullable<Text>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    BigInt,
    InstantSql,
    InstantSql,
    Text,
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
);

type Row = (
    RecipeId,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Instant,
    Instant,
    String,
    i64,
    Option<i64>,
    Option<String>,
);

fn listed(row: Row, by: SortKey) -> Listed {
    let (
        id,
        title,
        sub,
        name,
        visibility,
        tags,
        cover,
        times,
        version,
        created_at,
        updated_at,
        title_key,
        score,
        number,
        document,
    ) = row;
    let key = match by {
        SortKey::Relevance => PositionKey::Relevance(score, updated_at),
        SortKey::Updated => PositionKey::Time(updated_at),
        SortKey::Created => PositionKey::Time(created_at),
        SortKey::Title => PositionKey::Title(title_key),
        SortKey::Time | SortKey::Rating => PositionKey::Number(score, number),
    };
    let (owner, visibility) = (Owner { sub, name }, visibility_of(&visibility));
    let summary = Summary {
        id,
        title,
        owner,
        visibility,
        tags,
        cover: cover.as_deref().map(image::read),
        times,
        version,
        created_at,
        updated_at,
        highlights: None,
    };
    Listed { summary, position: Position { key, id }, document }
}
