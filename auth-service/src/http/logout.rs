use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use common::token::Verifier;
use common::web::auth::{Carrier, Denial};
use common::web::{OptionalJson, Problem, ProblemBody, Query, Validate};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::cookies::Cookies;
use super::credential;
use crate::service::Auth;
use crate::service::sessions::Extent;

/// Which sessions to end.
#[derive(Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct Which {
    /// This session, the person's other ones, or all of them.
    #[param(inline)]
    scope: ExtentParam,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExtentParam {
    #[default]
    Local,
    Others,
    All,
}

impl From<ExtentParam> for Extent {
    fn from(param: ExtentParam) -> Self {
        match param {
            ExtentParam::Local => Self::Local,
            ExtentParam::Others => Self::Others,
            ExtentParam::All => Self::All,
        }
    }
}

/// A refresh token, where no token comes in the header.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Logout {
    refresh_token: Option<String>,
}

impl Validate for Logout {}

/// The verifiers at the door out, and wherever a token is shown that is not a caller's: they take what no other door does.
pub struct LogoutVerifiers {
    /// Ours, whatever its audience.
    pub any_audience: Verifier,
    /// The same, and expired for seven days at most.
    pub lately_expired: Verifier,
}

/// Ends a session; its access tokens are refused everywhere, and its refresh token here. Again is the same.
///
/// Where neither header nor body has a token, that of a cookie is taken, for pages of this service's own origin and of the
/// listed ones, and the cookies are taken back.
#[utoipa::path(
    tag = "people", security((), ("bearerAuth" = []), ("refreshCookie" = []), ("cookieAuth" = [])),
    params(Which),
    request_body(content = Option<Logout>),
    responses(
        (status = 204),
        (status = 400, body = ProblemBody, description = "`malformed_json`, `multiple_credentials`, `invalid_parameter`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `refresh_token_invalid`, `session_ended`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service; `csrf_failed`: cookies for a page of an origin that is not listed"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/logout")]
pub async fn log_out(
    request: HttpRequest,
    which: Query<Which>,
    body: OptionalJson<Logout>,
    auth: Data<Auth>,
    verifiers: Data<LogoutVerifiers>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let extent = Extent::from(which.0.scope);
    let (in_body, legacy) = (body.0.unwrap_or_default().refresh_token, auth.settings().legacy_token_header);
    let presented = credential::one_token(&request, in_body, legacy, || cookies.any_token(&request))?;
    let is_by_cookie = presented.carrier == Carrier::Cookie;
    if is_by_cookie {
        cookies.check_origin(&request)?;
    }
    let ended = end(&presented.token, extent, &auth, &verifiers).await;
    match ended.map(|()| HttpResponse::NoContent().finish()) {
        Ok(response) if is_by_cookie && extent != Extent::Others => Ok(cookies.clear_tokens(response)),
        Err(problem) if extent == Extent::Local => cookies.refuse(presented.carrier, problem),
        answer => answer,
    }
}

async fn end(token: &str, extent: Extent, auth: &Auth, verifiers: &LogoutVerifiers) -> Result<(), Problem> {
    if token.starts_with("jrt1_") {
        Ok(auth.log_out_by_refresh_token(token, extent).await?)
    } else {
        by_access_token(token, extent, auth, verifiers).await
    }
}

async fn by_access_token(
    token: &str,
    extent: Extent,
    auth: &Auth,
    verifiers: &LogoutVerifiers,
) -> Result<(), Problem> {
    if extent == Extent::Local {
        let verified = verifiers.lately_expired.verify(token).map_err(Denial::from)?;
        return Ok(auth.log_out(verified, extent).await?);
    }
    let verified = verifiers.any_audience.verify(token).map_err(Denial::from)?;
    if verified.claims.person.is_none() {
        return Err(Denial::Forbidden.into());
    }
    // Who ends more than their own session must still be in it.
    auth.confirm(&verified).await?.map_err(Denial::from)?;
    Ok(auth.log_out(verified, extent).await?)
}
