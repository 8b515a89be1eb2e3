use super::Recipes;
use crate::domain::draft::Draft;
use crate::domain::ids::{PartId, RecipeId};
use crate::domain::search::Indexed;
use crate::error::Error;
use crate::service::store;
use crate::service::store::search::Stale;

/// How many recipes are indexed in one transaction: the first reader behind them waits that long.
const BATCH: i64 = 100;

impl Recipes {
    /// Indexes what was written without it: by a release that had no search, or cut words otherwise. Answers how many.
    pub async fn index_stale(&self) -> Result<usize, Error> {
        let (mut after, mut indexed) = (None, 0);
        loop {
            let stale = self.db.read(move |conn| store::search::stale(conn, after, BATCH)).await?;
            let Some(last) = stale.last() else { return Ok(indexed) };
            after = Some(last.id);
            indexed += stale.len();
            let words: Vec<(RecipeId, Indexed)> = stale.into_iter().map(words).collect();
            let work = self.db.write(move |conn| {
                words.iter().try_for_each(|(id, words)| store::search::index(conn, *id, words))
            });
            work.await?;
        }
    }
}

/// What a kept document is found by. One of an earlier release may break a rule of this one: it stays, and is not found.
fn words(stale: Stale) -> (RecipeId, Indexed) {
    let draft: Option<Draft> = serde_json::from_str(&stale.document).ok();
    let document = draft.and_then(|draft| draft.accept(&mut PartId::new).ok());
    (stale.id, document.as_ref().map(Indexed::of).unwrap_or_default())
}
