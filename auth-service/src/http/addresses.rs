use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use common::web::auth::{Auth as Caller, Fresh};
use common::web::{Invalid, Json, NoQuery, Problem, ProblemBody, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::form;
use super::me::person;
use crate::domain::Email;
use crate::service::Auth;

/// The address that is to be one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressChange {
    #[schema(format = Email, max_length = 254)]
    email: String,
}

impl Validate for AddressChange {}

/// Sends a link to another address. Once it is followed the address is one's own, and the one before is told.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 202, description = "The link comes by mail"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`; `reauthentication_required` after 300 s"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 422, body = ProblemBody, description = "`validation_failed`: it is no address"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/email")]
pub async fn change_address(
    caller: Fresh<300>,
    _: NoQuery,
    body: Json<AddressChange>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let mut invalid = Invalid::default();
    let email = form::optional(&mut invalid, "email", Some(&body.0.email), Email::parse);
    auth.change_address(person(&caller)?, form::finish(invalid, email)?).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// The token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// What is behind `#token=` in the link.
    #[schema(max_length = 256)]
    token: String,
}

impl Validate for Verification {}

/// Shows that an address is one's own: whoever got the link need not be logged in.
#[utoipa::path(
    tag = "people", security(()),
    responses(
        (status = 204, description = "The address is verified"),
        (status = 409, body = ProblemBody, description = "`email_taken`: it has become somebody else's meanwhile"),
        (status = 410, body = ProblemBody, description = "`token_spent`: used, older than a day or than another link, or no token"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/email/verify")]
pub async fn verify_address(
    _: NoQuery,
    body: Json<Verification>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    auth.verify_address(&body.0.token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends the link once more, to the address that one wants to have or has not verified yet; nothing where there is none.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 202, description = "The link comes by mail; the one before works no more"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/email/verify/resend")]
pub async fn resend_verification(
    caller: Caller,
    _: NoQuery,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    auth.resend_verification(person(&caller)?).await?;
    Ok(HttpResponse::Accepted().finish())
}
