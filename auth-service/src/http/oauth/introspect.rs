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
    #[serde(flatten)]
    #[schema(inline)]
    token: Option<ActiveToken>,
}

/// What a token says that counts.
#[derive(Serialize, ToSchema)]
struct ActiveToken {
    /// What it permits, separated by spaces.
    scope: String,
    /// The client that it was issued to; that of people who log in here is `jipbap`.
    client_id: String,
    /// Whose token it is: a person's id, or `client:{id}`.
    sub: String,
    iss: String,
    /// When it expires, in seconds since 1970.
    exp: i64,
    #[serde(flatten)]
    #[schema(inline)]
    access: Option<ActiveAccessToken>,
}

/// What only an access token says.
#[derive(Serialize, ToSchema)]
struct ActiveAccessToken {
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    aud: Vec<String>,
    iat: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    sid: Option<String>,
}

/// Says whether a token counts, and what it says.
#[utoipa::path(
    tag = "services", security((), ("basic" = [])),
    request_body(content = PresentedToken, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = IntrospectionAnswer),
        (status = 400, body = OauthError, description = "`invalid_request`"),
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
        Ok(token) => answer(IntrospectionAnswer { active: token.is_some(), token }),
        Err(refusal) => refusal.answer(),
    }
}

async fn look(
    request: &HttpRequest,
    payload: Payload,
    auth: &Auth,
    verifier: &Verifier,
) -> Result<Option<ActiveToken>, Refusal> {
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
) -> Result<Option<ActiveToken>, Refusal> {
    if !auth.may_know_of(caller, verified).await? {
        return Ok(None);
    }
    let claims = verified.claims.clone();
    let access = ActiveAccessToken {
        token_type: "Bearer",
        aud: claims.aud,
        iat: claims.iat,
        jti: claims.jti,
        sid: claims.person.map(|person| person.sid),
    };
    Ok(Some(ActiveToken {
        scope: claims.scope,
        client_id: claims.client_id,
        sub: claims.sub,
        iss: claims.iss,
        exp: claims.exp,
        access: Some(access),
    }))
}

fn refresh_token(good: GoodRefreshToken, auth: &Auth) -> ActiveToken {
    ActiveToken {
        scope: good.scope.to_string(),
        client_id: good.client_id,
        sub: good.user_id.to_string(),
        iss: auth.settings().issuer.clone(),
        exp: good.expires_at.as_secs(),
        access: None,
    }
}
