use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::auth::Carrier;
use common::web::{Invalid, Json, Problem, ProblemBody, Query, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, AnySession};
use super::cookies::{Asker, Cookies, How};
use super::form;
use crate::domain::password::LEAST_SCORE;
use crate::domain::{Email, Locale, Name, Username};
use crate::service::Auth;
use crate::service::accounts::NewAccount;

/// Somebody who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signup {
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(format = Password, min_length = 8, max_length = 256)]
    password: String,
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$")]
    username: Option<String>,
    /// A language tag (BCP 47), `en` unless said.
    #[schema(max_length = 35)]
    locale: Option<String>,
}

impl Validate for Signup {}

impl Signup {
    fn read(&self, asker: Asker) -> Result<NewAccount, Problem> {
        let mut invalid = Invalid::default();
        let known_by = [Some(&*self.email), self.name.as_deref(), self.username.as_deref()];
        let known_by: Vec<&str> = known_by.into_iter().flatten().collect();
        let email = form::optional(&mut invalid, "email", Some(&self.email), Email::parse);
        let password =
            form::chosen_password(&mut invalid, "password", &self.password, &known_by, LEAST_SCORE);
        let name = form::optional(&mut invalid, "name", self.name.as_deref(), Name::parse);
        let username = form::optional(&mut invalid, "username", self.username.as_deref(), Username::parse);
        let locale = form::optional(&mut invalid, "locale", self.locale.as_deref(), Locale::parse);
        let Asker { client, device, transport } = asker;
        let account = email.zip(password).map(|(email, password)| NewAccount {
            email,
            username,
            name,
            locale,
            password,
            client,
            device,
            transport,
        });
        form::finish(invalid, account)
    }
}

/// Opens an account and a first session in it.
#[utoipa::path(
    tag = "people", security(()),
    params(How),
    responses(
        (status = 201, body = AnySession, headers(
            ("Location" = String, description = "The person"),
            ("X-Device-Token" = String, description = "To be sent back by the device when it logs in again"),
        )),
        (status = 403, body = ProblemBody, description = "`signup_closed`; `csrf_failed`: cookies for a page of an origin that is not listed"),
        (status = 409, body = ProblemBody, description = "`email_taken`, `username_taken`"),
        (status = 422, body = ProblemBody, description = "`validation_failed`; a `weak_password` comes with `suggestions`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`"),
    )
)]
#[post("/v1/signup")]
pub async fn sign_up(
    request: HttpRequest,
    how: Query<How>,
    body: Json<Signup>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let asker = cookies.asker(&request, how.0, Carrier::Header)?;
    let account = body.0.read(asker)?;
    Ok(answer::account(&cookies, auth.sign_up(account).await?))
}
