use common::web::{CursorSealer, Limit, Page, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// Which page of a list that knows no filters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many at most.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 100, default = 20)]
    limit: Limit,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// Where the page before ended, and how many are wanted.
    pub fn open<T: DeserializeOwned>(
        self,
        cursors: &CursorSealer,
        bound_to: &[&str],
    ) -> Result<(Option<T>, u32), Problem> {
        let after = self.cursor.map(|cursor| cursors.open(&cursor, bound_to)).transpose()?;
        Ok((after, self.limit.get()))
    }
}

/// A page of what was found, which is one more than wanted where there is a next page.
pub fn cut<T, U>(
    mut found: Vec<T>,
    limit: u32,
    seal: impl Fn(&T) -> String,
    render: impl Fn(T) -> U,
) -> Page<U> {
    let limit = limit as usize;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| has_more).map(seal);
    Page { items: found.into_iter().map(render).collect(), next_cursor }
}
