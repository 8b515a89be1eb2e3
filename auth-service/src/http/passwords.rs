use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::auth::Auth as Caller;
use common::web::{Invalid, Json, NoQuery, Problem, ProblemBody, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, AnySession};
use super::cookies::{Asker, Cookies};
use super::form;
use super::me::{person, session};
use crate::domain::{Password, User};
use crate::service::Auth;
use crate::service::passwords::Proof;

/// The password as it is, and as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(format = Password, max_length = 256)]
    current_password: String,
    #[schema(format = Password, min_length = 8, max_length = 256)]
    new_password: String,
}

impl Validate for PasswordChange {}

impl PasswordChange {
    fn read(&self, user: &User) -> Result<(Password, Password), Problem> {
        let mut invalid = Invalid::default();
        let (known_by, least_score) = (user.known_by(), user.least_password_score());
        let current = Some(&*self.current_password);
        let current = form::optional(&mut invalid, "current_password", current, Password::tried);
        let new = &self.new_password;
        let new = form::chosen_password(&mut invalid, "new_password", new, &known_by, least_score);
        form::finish(invalid, current.zip(new))
    }
}

/// Changes one's password: every session ends, and the answer is a new one.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 200, body = AnySession, headers(("X-Device-Token" = String, description = "In place of the one that died with the password"))),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `session_ended`"),
        (status = 403, body = ProblemBody, description = "`invalid_credentials`: the present password is another; `forbidden`: the token of a service"),
        (status = 422, body = ProblemBody, description = "`validation_failed`; a `weak_password` comes with `suggestions`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`"),
    )
)]
#[post("/v1/me/password")]
pub async fn change(
    request: HttpRequest,
    caller: Caller,
    _: NoQuery,
    body: Json<PasswordChange>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let user = auth.user(person(&caller)?).await?;
    let (current, new) = body.0.read(&user)?;
    let proof = proof(cookies.asker_again(&request, &caller), &caller, current)?;
    Ok(answer::session(&cookies, auth.change_password(proof, &new).await?))
}

/// The password of who is logged in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reauthentication {
    #[schema(format = Password, max_length = 256)]
    password: String,
}

impl Validate for Reauthentication {}

/// Proves once more who is there, for calls that need it to be recent: a new session takes the place of this one.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 200, body = AnySession),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `session_ended`"),
        (status = 403, body = ProblemBody, description = "`invalid_credentials`: the password is another; `forbidden`: the token of a service"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`"),
    )
)]
#[post("/v1/reauthenticate")]
pub async fn reauthenticate(
    request: HttpRequest,
    caller: Caller,
    _: NoQuery,
    body: Json<Reauthentication>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let mut invalid = Invalid::default();
    let password = form::optional(&mut invalid, "password", Some(&body.0.password), Password::tried);
    let password = form::finish(invalid, password)?;
    let proof = proof(cookies.asker_again(&request, &caller), &caller, password)?;
    Ok(answer::session(&cookies, auth.reauthenticate(proof).await?))
}

fn proof(asker: Asker, caller: &Caller, password: Password) -> Result<Proof, Problem> {
    let (user, session) = (person(caller)?, session(caller)?);
    let Asker { client, device, transport } = asker;
    Ok(Proof { user, session, password, client, device, transport })
}
