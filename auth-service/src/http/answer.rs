use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, HttpResponseBuilder};
use common::time::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use super::cookies::Cookies;
use super::credential;
use crate::domain::{SessionId, User, UserId};
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

/// What a session's owner is given whose browser keeps the tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = CookieSession)]
pub struct CookieSessionAnswer {
    /// To be sent as `X-CSRF-Token` with every call by cookie whose method is not safe. The same for the whole session.
    csrf_token: String,
    /// For how many seconds the access token is good.
    expires_in: i64,
    /// What it permits, separated by spaces.
    scope: String,
    /// When the session ends if it is not refreshed.
    refresh_expires_at: Instant,
    /// When it ends anyway.
    session_expires_at: Instant,
    session_id: SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    user: Option<UserAnswer>,
}

/// A session, with its tokens in the body or in cookies.
#[derive(ToSchema)]
#[schema(as = AnySession)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes to the OpenAPI document what `session` answers")]
pub enum AnySession {
    InBody(SessionAnswer),
    ByCookie(CookieSessionAnswer),
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

impl CookieSessionAnswer {
    fn new(csrf_token: String, granted: &Granted) -> Self {
        Self {
            csrf_token,
            expires_in: granted.expires_in,
            scope: granted.scope.clone(),
            refresh_expires_at: granted.refresh_expires_at,
            session_expires_at: granted.session_expires_at,
            session_id: granted.session_id,
            user: granted.user.clone().map(UserAnswer::from),
        }
    }
}

/// Answers 200 with a session, which nobody between may keep.
pub fn session(cookies: &Cookies, granted: Granted) -> HttpResponse {
    render(cookies, HttpResponse::Ok(), granted)
}

/// Answers 201 with the first session of a new account.
pub fn account(cookies: &Cookies, granted: Granted) -> HttpResponse {
    let mut response = HttpResponse::Created();
    if let Some(user) = &granted.user {
        response.insert_header((LOCATION, format!("/v1/users/{}", user.id)));
    }
    render(cookies, response, granted)
}

fn render(cookies: &Cookies, mut response: HttpResponseBuilder, mut granted: Granted) -> HttpResponse {
    response.insert_header((CACHE_CONTROL, "no-store"));
    let device_token = granted.device_token.take();
    if let Some(token) = &device_token {
        response.insert_header((credential::DEVICE_HEADER, token.as_str()));
    }
    let mut response = match granted.csrf_token.take() {
        None => response.json(SessionAnswer::from(granted)),
        Some(csrf_token) => {
            let mut response = response.json(CookieSessionAnswer::new(csrf_token, &granted));
            cookies.set_tokens(&mut response, &granted);
            response
        }
    };
    if let Some(token) = &device_token {
        cookies.set_device(&mut response, token);
    }
    response
}

/// Answers 204 to a device that may know itself from now on, and is not logged in.
pub fn device_alone(cookies: &Cookies, token: &str) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((credential::DEVICE_HEADER, token));
    let mut response = response.finish();
    cookies.set_device(&mut response, token);
    response
}

/// Answers 200 with what concerns one person only.
pub fn private(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)
}
