use common::db::Conn;
use futures_util::future::try_join;

use super::list::Place;
use super::{Recipes, Wanted};
use crate::domain::kept::tag_key;
use crate::domain::listing::{Filters, Sort};
use crate::domain::recipe::Summary;
use crate::domain::search::Terms;
use crate::error::Error;
use crate::service::store;

/// How what somebody is writing may go on.
pub struct Suggestions {
    pub titles: Vec<Summary>,
    pub tags: Vec<String>,
    pub ingredients: Vec<String>,
}

impl Recipes {
    /// Titles with these words, and tags and ingredients that begin so, of what the reader may see in lists.
    pub async fn suggest(
        &self,
        question: String,
        reader: Option<String>,
        limit: u32,
    ) -> Result<Suggestions, Error> {
        let filters = Filters { title: Some(Terms::beginning(&question)), ..Filters::default() };
        let wanted = Wanted {
            reader: reader.clone(),
            filters,
            sort: Sort::DEFAULT,
            place: Place::After(None),
            limit,
            highlighted: false,
            facets: Vec::new(),
        };
        let beginning = tag_key(&question);
        let words =
            move |conn: &mut Conn| store::recipes::suggest(conn, &beginning, reader.as_deref(), limit.into());
        let words = async { Ok(self.db.read(words).await?) };
        let (titles, words) = try_join(self.list(wanted), words).await?;
        Ok(Suggestions { titles: titles.items, tags: words.tags, ingredients: words.ingredients })
    }
}
