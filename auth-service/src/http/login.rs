use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::auth::{Carrier, Denial};
use common::web::{Invalid, OptionalJson, Problem, ProblemBody, Query, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, AnySession};
use super::cookies::{Asker, Cookies, How};
use super::credential;
use super::form::{self, WantedForm, finish};
use crate::domain::Password;
use crate::error::Error;
use crate::service::Auth;
use crate::service::sessions::Attempt;

/// Somebody who says who they are: `email` or `username`, and `password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    email: Option<String>,
    username: Option<String>,
    #[schema(format = Password, max_length = 256)]
    password: String,
    /// Scopes separated by spaces, to be granted less than all.
    scope: Option<String>,
    /// The services that the tokens are to be good for.
    audience: Option<Vec<String>>,
}

impl Validate for Login {
    fn validate(&self, invalid: &mut Invalid) {
        if self.email.is_some() == self.username.is_some() {
            invalid.add_here("one_of", "Give either email or username.");
        }
    }
}

impl Login {
    fn read(self, asker: Asker) -> Result<Attempt, Problem> {
        let name = self.email.or(self.username).unwrap_or_default();
        let wanted = WantedForm { scope: self.scope, audience: self.audience };
        attempt(name, &self.password, wanted, asker)
    }
}

fn attempt(name: String, password: &str, wanted: WantedForm, asker: Asker) -> Result<Attempt, Problem> {
    let mut invalid = Invalid::default();
    let password = form::optional(&mut invalid, "password", Some(password), Password::tried);
    let Asker { client, device, transport } = asker;
    let wanted = wanted.into();
    finish(invalid, password.map(|password| Attempt { name, password, wanted, client, device, transport }))
}

/// Logs in, by a JSON body or by `Authorization: Basic` without one.
#[utoipa::path(
    tag = "people", security((), ("basicAuth" = [])),
    params(How),
    request_body(content = Option<Login>),
    responses(
        (status = 200, body = AnySession, headers(("X-Device-Token" = String, description = "To be sent back by the device when it logs in again"))),
        (status = 400, body = ProblemBody, description = "`malformed_json`, `invalid_scope`, `multiple_credentials`"),
        (status = 401, body = ProblemBody, description = "`invalid_credentials`, the same for unknown and for wrong"),
        (status = 403, body = ProblemBody, description = "`account_disabled`, after a right password; `csrf_failed`: cookies for a page of an origin that is not listed"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`"),
    )
)]
#[post("/v1/login")]
pub async fn log_in(
    request: HttpRequest,
    how: Query<How>,
    body: OptionalJson<Login>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let asker = cookies.asker(&request, how.0, Carrier::Header)?;
    match (credential::basic(&request)?, body.0) {
        (Some(_), Some(_)) => Err(Denial::MultipleCredentials.into()),
        (Some((name, password)), None) => {
            let attempt = attempt(name, &password, WantedForm::default(), asker)?;
            let granted = auth.log_in(attempt).await.map_err(challenged)?;
            Ok(answer::session(&cookies, granted))
        }
        (None, Some(login)) => Ok(answer::session(&cookies, auth.log_in(login.read(asker)?).await?)),
        (None, None) => Err(Problem::new(&common::web::codes::MALFORMED_JSON)),
    }
}

/// Only who tried Basic is asked to try it again: a browser that never did would open a window of its own.
fn challenged(error: Error) -> Problem {
    let is_refusal = matches!(error, Error::InvalidCredentials);
    let problem = Problem::from(error);
    if is_refusal {
        problem
            .header(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"jipbap\", charset=\"UTF-8\""))
    } else {
        problem
    }
}
