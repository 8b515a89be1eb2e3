//! The internal feeds, on the ops listener only.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use aws_lc_rs::constant_time;
use common::secrets::Secret;
use common::settings::duration;
use common::token::Refusal;
use common::web::auth::{Credential, Denial};
use common::web::{Problem, Query, codes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::service::Auth;
use crate::service::feed::{FeedError, Question};

/// Where a reader is, and for how long to wait for what comes after.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    epoch: Option<Uuid>,
    after: Option<String>,
    wait: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/internal/revocations", web::get().to(revocations))
        .route("/internal/people", web::get().to(people));
}

/// What was ended before its time.
async fn revocations(_: FeedReader, place: Query<Place>, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    answer(auth.feed().revocations(question(place.0)?).await)
}

/// What became of people.
async fn people(_: PeopleReader, place: Query<Place>, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    answer(auth.feed().people(question(place.0)?).await)
}

/// Who has the secret of the feed of revocations. It stands first in a signature: strangers learn nothing else.
struct FeedReader;

/// Who has the secret of the feed of people.
struct PeopleReader;

impl FromRequest for FeedReader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(check_secret(request, auth(request).feed_secret()).map(|()| Self))
    }
}

impl FromRequest for PeopleReader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(check_secret(request, auth(request).people_secret()).map(|()| Self))
    }
}

fn auth(request: &HttpRequest) -> &Auth {
    request.app_data::<Data<Auth>>().expect("BUG: the app has no Data<Auth>")
}

fn check_secret(request: &HttpRequest, secret: &Secret) -> Result<(), Problem> {
    let Some(Credential::Bearer(presented)) = Credential::of(request)? else {
        return Err(Denial::Missing.into());
    };
    constant_time::verify_slices_are_equal(presented.as_bytes(), secret.expose_text().as_bytes())
        .map_err(|_| Denial::Refused(Refusal::Invalid("not the secret of this feed")).into())
}

fn question(place: Place) -> Result<Question, Problem> {
    let Place { epoch, after, wait } = place;
    let wait = wait.map(|text| duration("wait", &text)).transpose();
    let wait = wait.map_err(|bad| Problem::new(&codes::INVALID_PARAMETER).detail(bad.to_string()))?;
    Ok(Question { epoch, after, wait: wait.unwrap_or(Duration::ZERO) })
}

fn answer(reply: Result<impl Serialize, FeedError>) -> Result<HttpResponse, Problem> {
    let answer = reply.map_err(Error::from)?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

impl From<FeedError> for Error {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::CursorUnknown => Self::CursorUnknown,
            FeedError::Database(error) => error.into(),
        }
    }
}
