//! Lists: which part of one is wanted, and how a page of it is answered.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use common::web::{CursorSealer, Limit, Page, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which part of a list.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    #[param(inline)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Where in a list to go on, and what its cursors are bound to.
pub struct Place<'a, Id> {
    cursors: &'a CursorSealer,
    bound_to: &'a [&'a str],
    limit: usize,
    /// The last one that was answered.
    pub after: Option<Id>,
}

impl<'a, Id: Serialize + DeserializeOwned> Place<'a, Id> {
    /// # Errors
    /// `invalid_cursor`: not of this list, of this caller or of ours.
    pub fn of(
        cursors: &'a CursorSealer,
        bound_to: &'a [&'a str],
        limit: Limit,
        cursor: Option<String>,
    ) -> Result<Self, Problem> {
        let after = cursor.map(|cursor| cursors.open(&cursor, bound_to)).transpose()?;
        Ok(Self { cursors, bound_to, limit: limit.get() as usize, after })
    }

    /// How many to ask for: one more than wanted tells whether there is a next page.
    pub fn one_more(&self) -> i64 {
        self.limit as i64 + 1
    }

    /// Renders a page of what was found.
    pub fn page<T, A: Serialize>(
        &self,
        request: &HttpRequest,
        mut found: Vec<T>,
        id: impl Fn(&T) -> Id,
        answer: impl Fn(T) -> A,
    ) -> HttpResponse {
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| has_more);
        let next_cursor = last.map(|last| self.cursors.seal(&id(last), self.bound_to));
        let items = found.into_iter().map(answer).collect();
        let mut response = Page::<A> { items, next_cursor }.respond_to(request);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
