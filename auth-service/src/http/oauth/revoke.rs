use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use common::token::Verifier;
use common::web::ProblemBody;

use super::form::Form;
use super::introspect::PresentedToken;
use super::refusal::{OauthError, Refusal};
use super::{REFRESH_TOKEN, believed, client};
use crate::http::logout::LogoutVerifiers;
use crate::service::Auth;

/// Ends an access token, or the session of a refresh token. One that is unknown or over is no error.
#[utoipa::path(
    tag = "services", security((), ("basicAuth" = [])),
    request_body(content = PresentedToken, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is over."),
        (status = 400, content((OauthError = "application/json"), (ProblemBody = "application/problem+json")), description = "`invalid_request`, `unsupported_token_type`, `invalid_grant`: another client's"),
        (status = 401, body = OauthError, description = "`invalid_client`"),
        (status = 413, body = ProblemBody, content_type = "application/problem+json", description = "`too_large`"),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "`database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/oauth2/revoke")]
pub async fn revoke(
    request: HttpRequest,
    payload: Payload,
    auth: Data<Auth>,
    verifiers: Data<LogoutVerifiers>,
) -> HttpResponse {
    match end(&request, payload, &auth, &verifiers.any_audience).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(refusal) => refusal.answer(),
    }
}

/// Kinds of tokens that others issue, and that whoever names them wrongly takes to be ended here.
const ENDED_NOWHERE: [&str; 2] = ["id_token", "pct"];

async fn end(
    request: &HttpRequest,
    payload: Payload,
    auth: &Auth,
    verifier: &Verifier,
) -> Result<(), Refusal> {
    let form = Form::read(request, payload).await?;
    let caller = client::known(request, &form, auth).await?;
    let token = form.required("token")?;
    // Any other hint is ignored: which token it is shows anyway (RFC 7009 §2.2).
    if form.get("token_type_hint").is_some_and(|hint| ENDED_NOWHERE.contains(&hint)) {
        return Err(Refusal::UnsupportedTokenType);
    }
    if token.starts_with(REFRESH_TOKEN) {
        return Ok(auth.revoke_refresh_token(&caller, token).await?);
    }
    if let Some(verified) = believed(verifier, token)? {
        auth.revoke_access_token(&caller, &verified).await?;
    }
    Ok(())
}
