use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use common::web::ProblemBody;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::Form;
use super::refusal::{OauthError, Refusal};
use super::{answer, client};
use crate::domain::Words;
use crate::http::credential;
use crate::service::Auth;
use crate::service::clients::KnownClient;
use crate::service::sessions::Wanted;

/// What a client asks for (RFC 6749 §4.4.2, §6).
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes to the OpenAPI document what is read by name")]
pub struct TokenRequest {
    /// `client_credentials` or `refresh_token`.
    grant_type: String,
    /// Scopes separated by spaces, of those that the client may have; all of them where it is missing.
    #[schema(required = false, nullable = false)]
    scope: Option<String>,
    /// Whom the token is to be good for (RFC 8707), of those that the client may call; may be repeated.
    #[schema(required = false, nullable = false)]
    resource: Option<Vec<String>>,
    /// For the grant of this name.
    #[schema(required = false, nullable = false)]
    refresh_token: Option<String>,
    /// Who the client is, where it does not say so by Basic.
    #[schema(required = false, nullable = false)]
    client_id: Option<String>,
    #[schema(required = false, nullable = false)]
    client_secret: Option<String>,
}

/// What a client is given (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenAnswer {
    /// A signed JWT (RFC 9068), for the header `Authorization: Bearer`.
    access_token: String,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    expires_in: i64,
    /// What it permits, separated by spaces.
    scope: String,
    /// The next one, for the grant `refresh_token` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    refresh_token: Option<String>,
}

/// Gives a service a token of its own, or the next tokens of a session that was opened through it.
#[utoipa::path(
    tag = "services", security((), ("basicAuth" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenAnswer),
        (status = 400, content((OauthError = "application/json"), (ProblemBody = "application/problem+json")), description = "`invalid_request`, `invalid_grant`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`"),
        (status = 401, body = OauthError, description = "`invalid_client`"),
        (status = 413, body = ProblemBody, content_type = "application/problem+json", description = "`too_large`"),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate_limited`"),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "`busy`, `database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/oauth2/token")]
pub async fn issue_token(request: HttpRequest, payload: Payload, auth: Data<Auth>) -> HttpResponse {
    match grant(&request, payload, &auth).await {
        Ok(granted) => answer(granted),
        Err(refusal) => refusal.answer(),
    }
}

async fn grant(request: &HttpRequest, payload: Payload, auth: &Auth) -> Result<TokenAnswer, Refusal> {
    let form = Form::read(request, payload).await?;
    // First, so that whoever sends somebody's password learns at once that no client does that here.
    match form.required("grant_type")? {
        "client_credentials" => client_credentials(&client::known(request, &form, auth).await?, &form, auth),
        "refresh_token" => {
            let caller = client::known(request, &form, auth).await?;
            refresh_token(&caller, request, &form, auth).await
        }
        _ => Err(Refusal::UnsupportedGrantType),
    }
}

fn client_credentials(caller: &KnownClient, form: &Form, auth: &Auth) -> Result<TokenAnswer, Refusal> {
    let token = auth.client_credentials(caller, &wanted(form)?)?;
    Ok(TokenAnswer {
        access_token: token.access_token,
        token_type: "Bearer",
        expires_in: token.expires_in,
        scope: token.scope,
        refresh_token: None,
    })
}

async fn refresh_token(
    caller: &KnownClient,
    request: &HttpRequest,
    form: &Form,
    auth: &Auth,
) -> Result<TokenAnswer, Refusal> {
    let presented = form.required("refresh_token")?;
    let granted =
        auth.refresh_for_client(caller, presented, wanted(form)?, credential::client(request)).await?;
    Ok(TokenAnswer {
        access_token: granted.access_token,
        token_type: "Bearer",
        expires_in: granted.expires_in,
        scope: granted.scope,
        refresh_token: Some(granted.refresh_token),
    })
}

/// Which part of what can be granted is asked for. A resource is an audience by its name, as the client was given it.
fn wanted(form: &Form) -> Result<Wanted, Refusal> {
    let resources: Vec<&str> = form.resources().collect();
    if resources.iter().any(|name| name.contains(' ')) {
        return Err(Refusal::InvalidTarget);
    }
    let audience = (!resources.is_empty()).then(|| Words::of(resources));
    Ok(Wanted { scope: form.get("scope").map(Words::parse), audience })
}
