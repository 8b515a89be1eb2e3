use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::{NoQuery, OptionalJson, Problem, ProblemBody, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, SessionAnswer};
use super::credential;
use super::form::WantedForm;
use crate::service::Auth;

/// A refresh token, and how much less than all of it is wanted this time.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Refresh {
    /// May come as `Authorization: Bearer` instead.
    refresh_token: Option<String>,
    /// Scopes separated by spaces, for this access token alone.
    scope: Option<String>,
    /// The services that this access token is to be good for.
    audience: Option<Vec<String>>,
}

impl Validate for Refresh {}

/// Exchanges a refresh token for the next one and an access token.
#[utoipa::path(
    tag = "people", security((), ("bearerAuth" = [])),
    request_body(content = Option<Refresh>),
    responses(
        (status = 200, body = SessionAnswer),
        (status = 400, body = ProblemBody, description = "`malformed_json`, `invalid_scope`, `multiple_credentials`"),
        (status = 401, body = ProblemBody, description = "`refresh_token_invalid`, `refresh_token_expired`, `refresh_token_reused`, `session_ended`, `missing_token`"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/v1/refresh")]
pub async fn refresh(
    request: HttpRequest,
    _: NoQuery,
    body: OptionalJson<Refresh>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let body = body.0.unwrap_or_default();
    let token = credential::one_token(&request, body.refresh_token)?;
    let wanted = WantedForm { scope: body.scope, audience: body.audience }.into();
    let granted = auth.refresh(&token, wanted, credential::client(&request)).await?;
    Ok(answer::session(&auth, granted))
}
