use super::Recipes;
use crate::domain::listing::{Filters, Position, Sort};
use crate::domain::recipe::Summary;
use crate::error::Error;
use crate::service::store;
use crate::service::store::recipes::Selection;

/// A page that is wanted.
pub struct Wanted {
    /// Whose own recipes are shown beside the public ones.
    pub reader: Option<String>,
    pub filters: Filters,
    pub sort: Sort,
    /// Where the page before it ended.
    pub after: Option<Position>,
    /// How many recipes at most.
    pub limit: u32,
}

/// A page of a list.
pub struct Page {
    pub items: Vec<Summary>,
    /// Where it ends, if there are more.
    pub next: Option<Position>,
}

impl Recipes {
    /// A page of the recipes that the reader may see in lists.
    pub async fn list(&self, wanted: Wanted) -> Result<Page, Error> {
        let Wanted { reader, filters, sort, after, limit } = wanted;
        let limit = limit as usize;
        // One more than wanted tells whether there is a next page.
        let selection = Selection { reader, filters, sort, after, count: limit as i64 + 1 };
        let mut listed = self.db.read(move |conn| store::recipes::list(conn, &selection)).await?;
        let has_more = listed.len() > limit;
        listed.truncate(limit);
        let next = listed.last().filter(|_| has_more).map(|last| last.position.clone());
        Ok(Page { items: listed.into_iter().map(|listed| listed.summary).collect(), next })
    }
}
