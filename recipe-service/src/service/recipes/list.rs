use serde_json::{Map, Value};

use super::Recipes;
use crate::domain::listing::{Count, Facet, Filters, Position, Sort};
use crate::domain::recipe::Summary;
use crate::domain::search::{Terms, highlights};
use crate::error::Error;
use crate::service::store;
use crate::service::store::recipes::{Found, Listed, Selection};

/// A page that is wanted.
pub struct Wanted {
    /// Whose own recipes are shown beside the public ones.
    pub reader: Option<String>,
    pub filters: Filters,
    pub sort: Sort,
    pub place: Place,
    /// How many recipes at most.
    pub limit: u32,
    /// Whether it is shown where the words are.
    pub highlighted: bool,
    /// By what the whole list is counted.
    pub facets: Vec<Facet>,
}

/// Where in the list a page is.
pub enum Place {
    /// At its beginning, or behind where the page before it ended.
    After(Option<Position>),
    /// So many recipes from its beginning.
    Behind(u32),
}

/// A page of a list.
pub struct Page {
    pub items: Vec<Summary>,
    /// Where it ends, if there are more.
    pub next: Option<Position>,
    /// How many there are on all pages, where the place was a number or something was to be counted.
    pub total: Option<i64>,
    pub counts: Vec<Count>,
}

impl Recipes {
    /// A page of the recipes that the reader may see in lists.
    pub async fn list(&self, wanted: Wanted) -> Result<Page, Error> {
        let limit = wanted.limit as usize;
        let words = wanted.highlighted.then(|| wanted.filters.clone());
        let selection = selection(wanted);
        let Found { mut listed, total, counts } =
            self.db.read(move |conn| store::recipes::list(conn, &selection)).await?;
        let has_more = listed.len() > limit;
        listed.truncate(limit);
        let next = listed.last().filter(|_| has_more).map(|last| last.position.clone());
        let items = listed.into_iter().map(|listed| summary(listed, words.as_ref())).collect();
        Ok(Page { items, next, total, counts })
    }
}

fn selection(wanted: Wanted) -> Selection {
    let Wanted { reader, filters, sort, place, limit, highlighted, facets } = wanted;
    let is_counted = matches!(place, Place::Behind(_)) || !facets.is_empty();
    let (after, skip) = match place {
        Place::After(after) => (after, 0),
        Place::Behind(skip) => (None, skip.into()),
    };
    Selection {
        reader,
        filters,
        sort,
        after,
        skip,
        // One more than wanted tells whether there is a next page.
        count: i64::from(limit) + 1,
        with_documents: highlighted,
        counted: is_counted.then_some(facets),
    }
}

fn summary(listed: Listed, words: Option<&Filters>) -> Summary {
    let document: Option<Map<String, Value>> =
        listed.document.and_then(|document| serde_json::from_str(&document).ok());
    let highlights = words.zip(document).map(|(filters, document)| {
        let terms: Vec<&Terms> = filters.sought().collect();
        highlights(&document, &terms)
    });
    Summary { highlights, ..listed.summary }
}
