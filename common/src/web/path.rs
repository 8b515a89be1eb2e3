//! Ids in the path.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::codes;
use super::problem::Problem;

/// The id in the path's first (`N` = 0) or a later parameter. A malformed one names nothing, and is 404 `not_found`.
pub struct IdPath<Id, const N: usize = 0>(pub Id);

impl<Id: FromStr, const N: usize> FromRequest for IdPath<Id, N> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().iter().nth(N).and_then(|(_, text)| text.parse().ok());
        ready(id.map(Self).ok_or_else(|| Problem::new(&codes::NOT_FOUND)))
    }
}
