use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use common::time::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use super::credential;
use crate::domain::{SessionId, User, UserId};
use crate::service::Auth;
use crate::service::sessions::Granted;

/// What a session's owner is given (RFC 6749 §5.1, and what else they need).
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionAnswer {
    /// A signed JWT (RFC 9068), for the header `Authorization: Bearer`.
    access_token: String,
    #[schema(value_type = String, example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    expires_in: i64,
    /// What it permits, separated by spaces.
    scope: String,
    /// To be exchanged for the next access token, once.
    refresh_token: String,
    /// When the session ends if it is not refreshed.
    refresh_expires_at: Instant,
    /// When it ends anyway.
    session_expires_at: Instant,
    session_id: SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    user: Option<UserAnswer>,
}

/// A person, as they and administrators see them.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserAnswer {
    id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    username: Option<String>,
    name: String,
    /// A language tag (BCP 47).
    locale: String,
    email_verified: bool,
    roles: Vec<String>,
    created_at: Instant,
}

impl From<User> for UserAnswer {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            username: user.username,
            name: user.name,
            locale: user.locale,
            email_verified: user.email_verified,
            roles: user.roles.to_vec(),
            created_at: user.created_at,
        }
    }
}

impl From<Granted> for SessionAnswer {
    fn from(granted: Granted) -> Self {
        Self {
            access_token: granted.access_token,
            token_type: "Bearer",
            expires_in: granted.expires_in,
            scope: granted.scope,
            refresh_token: granted.refresh_token,
            refresh_expires_at: granted.refresh_expires_at,
            session_expires_at: granted.session_expires_at,
            session_id: granted.session_id,
            user: granted.user.map(UserAnswer::from),
        }
    }
}

/// Answers 200 with a session, which nobody between may keep.
pub fn session(auth: &Auth, granted: Granted) -> HttpResponse {
    render(auth, StatusCode::OK, None, granted)
}

/// Answers 201 with the first session of a new account.
pub fn account(auth: &Auth, granted: Granted) -> HttpResponse {
    let location = granted.user.as_ref().map(|user| format!("/v1/users/{}", user.id));
    render(auth, StatusCode::CREATED, location, granted)
}

fn render(auth: &Auth, status: StatusCode, location: Option<String>, mut granted: Granted) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    if let Some(location) = location {
        response.insert_header((LOCATION, location));
    }
    if let Some(token) = granted.device_token.take() {
        response.insert_header((credential::DEVICE_HEADER, token.clone())).cookie(device_cookie(auth, token));
    }
    response.json(SessionAnswer::from(granted))
}

fn device_cookie(auth: &Auth, token: String) -> Cookie<'static> {
    let is_secure = auth.settings().public_url.starts_with("https:");
    let name = if is_secure { credential::DEVICE_COOKIE } else { credential::DEVICE_COOKIE_OVER_HTTP };
    Cookie::build(name, token)
        .path("/")
        .http_only(true)
        .secure(is_secure)
        .same_site(SameSite::Strict)
        .max_age(actix_web::cookie::time::Duration::days(400))
        .finish()
}

/// Answers 200 with what concerns one person only.
pub fn private(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)
}
