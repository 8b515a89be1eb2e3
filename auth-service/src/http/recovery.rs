use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::{Invalid, Json, NoQuery, Problem, ProblemBody, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cookies::Cookies;
use super::{answer, credential, form};
use crate::domain::{Email, Password, User};
use crate::service::Auth;

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    #[schema(format = Email, max_length = 254)]
    email: String,
}

impl Validate for ForgottenPassword {}

/// Sends a link to choose another password by to the address, if it has an account. The answer is the same if not, and
/// where an account was sent enough of them: then the last link stays good.
#[utoipa::path(
    tag = "people", security(()),
    responses(
        (status = 202, description = "Whatever comes of it, comes by mail"),
        (status = 422, body = ProblemBody, description = "`validation_failed`: it is no address"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/password/forgot")]
pub async fn forgot(
    request: HttpRequest,
    _: NoQuery,
    body: Json<ForgottenPassword>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let mut invalid = Invalid::default();
    let email = form::optional(&mut invalid, "email", Some(&body.0.email), Email::parse);
    auth.forgot_password(form::finish(invalid, email)?, &credential::client(&request)).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Another password, by the token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// What is behind `#token=` in the link.
    #[schema(max_length = 256)]
    token: String,
    #[schema(format = Password, min_length = 8, max_length = 256)]
    new_password: String,
}

impl Validate for PasswordReset {}

impl PasswordReset {
    fn password(&self, user: &User) -> Result<Password, Problem> {
        let mut invalid = Invalid::default();
        let (known_by, least_score) = (user.known_by(), user.least_password_score());
        let new = &self.new_password;
        let new = form::chosen_password(&mut invalid, "new_password", new, &known_by, least_score);
        form::finish(invalid, new)
    }
}

/// Gives an account another password: every session of it ends, and nobody is logged in by it. A password that is refused
/// leaves the link good.
#[utoipa::path(
    tag = "people", security(()),
    responses(
        (status = 204, description = "The password is the new one", headers(("X-Device-Token" = String, description = "To be sent back by the device when it logs in"))),
        (status = 410, body = ProblemBody, description = "`token_spent`: used, older than 30 minutes or than another link, or no token"),
        (status = 422, body = ProblemBody, description = "`validation_failed`; a `weak_password` comes with `suggestions`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`"),
    )
)]
#[post("/v1/password/reset")]
pub async fn reset(
    request: HttpRequest,
    _: NoQuery,
    body: Json<PasswordReset>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let recovery = auth.recovery(&body.0.token).await?;
    let password = body.0.password(&recovery.user)?;
    let (client, device) = (credential::client(&request), cookies.device(&request));
    let device = auth.reset_password(recovery, &password, client, device.as_deref()).await?;
    Ok(answer::device_alone(&cookies, &device))
}
