use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::{OptionalJson, Problem, ProblemBody, Query, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, AnySession};
use super::cookies::{Cookies, How};
use super::credential;
use super::form::WantedForm;
use crate::service::Auth;

/// A refresh token, and how much less than all of it is wanted this time.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Refresh {
    /// May come as `Authorization: Bearer` instead, or as a cookie.
    refresh_token: Option<String>,
    /// Scopes separated by spaces, for this access token alone.
    scope: Option<String>,
    /// The services that this access token is to be good for.
    audience: Option<Vec<String>>,
}

impl Validate for Refresh {}

/// Exchanges a refresh token for the next one and an access token.
///
/// One that came as a cookie is answered by cookies, to pages of this service's own origin and of the listed ones; a refusal
/// then takes the cookies back.
#[utoipa::path(
    tag = "people", security((), ("bearerAuth" = []), ("refreshCookie" = [])),
    params(How),
    request_body(content = Option<Refresh>),
    responses(
        (status = 200, body = AnySession),
        (status = 400, body = ProblemBody, description = "`malformed_json`, `invalid_scope`, `multiple_credentials`"),
        (status = 401, body = ProblemBody, description = "`refresh_token_invalid`, `refresh_token_expired`, `refresh_token_reused`, `session_ended`, `missing_token`"),
        (status = 403, body = ProblemBody, description = "`csrf_failed`: cookies for a page of an origin that is not listed"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/v1/refresh")]
pub async fn refresh(
    request: HttpRequest,
    how: Query<How>,
    body: OptionalJson<Refresh>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let body = body.0.unwrap_or_default();
    let (in_body, legacy) = (body.refresh_token, auth.settings().legacy_token_header);
    let presented = credential::one_token(&request, in_body, legacy, || cookies.refresh_token(&request))?;
    let asker = cookies.asker(&request, how.0, presented.carrier)?;
    let wanted = WantedForm { scope: body.scope, audience: body.audience }.into();
    match auth.refresh(&presented.token, wanted, asker.client, asker.transport).await {
        Ok(granted) => Ok(answer::session(&cookies, granted)),
        Err(error) => cookies.refuse(presented.carrier, error.into()),
    }
}
