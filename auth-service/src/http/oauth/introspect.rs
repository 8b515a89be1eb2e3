use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use common::token::{Verified, Verifier};
use common::web::ProblemBody;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::Form;
use super::refusal::{OauthError, Refusal};
use super::{REFRESH_TOKEN, answer, believed, client};
use crate::http::logout::LogoutVerifiers;
use crate::service::Auth;
use crate::service::clients::KnownClient;
use crate::service::oauth::GoodRefreshToken;

/// A token that somebody asks about, or has ended (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes to the OpenAPI document what is read by name")]
pub struct PresentedToken {
    /// An access or a refresh token.
    token: String,
    /// `access_token` or `refresh_token`; which it is shows anyway.
    #[schema(required = false, nullable = false)]
    token_type_hint: Option<String>,
    /// Who the client is, where it does not say so by Basic.
    #[schema(required = false, nullable = false)]
    client_id: Option<String>,
    #[schema(required = false, nullable = false)]
    client_secret: Option<String>,
}

/// What a token says (RFC 7662 §2.2): of one that is over, unknown or none of the caller's business, `active` alone.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = Introspection)]
pub struct IntrospectionAnswer {
    active: bool,
    /// What it permits, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    scope: Option<String>,
    /// The client that it was issued to; that of people who log in here is `jipbap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    client_id: Option<String>,
    /// Whose token it is: a person's id, or `client:{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    iss: Option<String>,
    /// When it expires, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    exp: Option<i64>,
    /// `Bearer`, of an access token; a refresh token has this and the following not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, nullable = false)]
    token_type: Option<&'static str>,
    /// Whom it is meant for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    aud: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    jti: Option<String>,
    /// The session, of a person's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sid: Option<String>,
}

/// Says whether a token counts, and what it says.
#[utoipa::path(
    tag = "services", security((), ("basicAuth" = [])),
    request_body(content = PresentedToken, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = IntrospectionAnswer),
        (status = 400, content((OauthError = "application/json"), (ProblemBody = "application/problem+json")), description = "`invalid_request`"),
        (status = 401, body = OauthError, description = "`invalid_client`"),
        (status = 413, body = ProblemBody, content_type = "application/problem+json", description = "`too_large`"),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "`database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/oauth2/introspect")]
pub async fn introspect(
    request: HttpRequest,
    payload: Payload,
    auth: Data<Auth>,
    verifiers: Data<LogoutVerifiers>,
) -> HttpResponse {
    match look(&request, payload, &auth, &verifiers.any_audience).await {
        Ok(said) => answer(said.unwrap_or_default()),
        Err(refusal) => refusal.answer(),
    }
}

async fn look(
    request: &HttpRequest,
    payload: Payload,
    auth: &Auth,
    verifier: &Verifier,
) -> Result<Option<IntrospectionAnswer>, Refusal> {
    let form = Form::read(request, payload).await?;
    let caller = client::known(request, &form, auth).await?;
    let token = form.required("token")?;
    if token.starts_with(REFRESH_TOKEN) {
        let good = auth.good_refresh_token(&caller, token).await?;
        return Ok(good.map(|good| refresh_token(good, auth)));
    }
    match believed(verifier, token)? {
        Some(verified) => access_token(&caller, &verified, auth).await,
        None => Ok(None),
    }
}

async fn access_token(
    caller: &KnownClient,
    verified: &Arc<Verified>,
    auth: &Auth,
) -> Result<Option<IntrospectionAnswer>, Refusal> {
    if !auth.may_know_of(caller, verified).await? {
        return Ok(None);
    }
    let claims = verified.claims.clone();
    Ok(Some(IntrospectionAnswer {
        active: true,
        scope: Some(claims.scope),
        client_id: Some(claims.client_id),
        sub: Some(claims.sub),
        iss: Some(claims.iss),
        exp: Some(claims.exp),
        token_type: Some("Bearer"),
        aud: Some(claims.aud),
        iat: Some(claims.iat),
        jti: Some(claims.jti),
        sid: claims.person.map(|person| person.sid),
    }))
}

fn refresh_token(good: GoodRefreshToken, auth: &Auth) -> IntrospectionAnswer {
    IntrospectionAnswer {
        active: true,
        scope: Some(good.scope.to_string()),
        client_id: Some(good.client_id),
        sub: Some(good.user_id.to_string()),
        iss: Some(auth.settings().issuer.clone()),
        exp: Some(good.expires_at.as_secs()),
        ..IntrospectionAnswer::default()
    }
}
