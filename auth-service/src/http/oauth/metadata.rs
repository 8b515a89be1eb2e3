use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use common::web::{NoQuery, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Auth;
use crate::service::oauth::INTROSPECT;

/// What can be had here, and where (RFC 8414 §2).
#[derive(Serialize, ToSchema)]
pub struct ServerMetadata {
    /// The claim `iss` of every token, to the letter.
    issuer: String,
    token_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
    scopes_supported: Vec<String>,
    /// None: there is no page here that people are sent to.
    response_types_supported: [String; 0],
    grant_types_supported: [&'static str; 2],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
}

const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// Says what can be had here, and where.
#[utoipa::path(
    tag = "services", security(()),
    responses(
        (status = 200, body = ServerMetadata),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`unknown_parameter`"),
    )
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn metadata(_: NoQuery, auth: Data<Auth>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(describe(&auth))
}

fn describe(auth: &Auth) -> ServerMetadata {
    let settings = auth.settings();
    let at = |path: &str| format!("{}{path}", settings.public_url);
    ServerMetadata {
        issuer: settings.issuer.clone(),
        token_endpoint: at("/oauth2/token"),
        introspection_endpoint: at("/oauth2/introspect"),
        revocation_endpoint: at("/oauth2/revoke"),
        jwks_uri: at("/.well-known/jwks.json"),
        scopes_supported: settings.scopes.iter().cloned().chain([INTROSPECT.to_owned()]).collect(),
        response_types_supported: [],
        grant_types_supported: ["client_credentials", "refresh_token"],
        token_endpoint_auth_methods_supported: AUTH_METHODS,
        introspection_endpoint_auth_methods_supported: AUTH_METHODS,
        revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    }
}
