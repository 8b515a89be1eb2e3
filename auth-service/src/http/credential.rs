//! The names, passwords and refresh tokens that come with a request.

use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::web::auth::{Credential, Denial};
use common::web::{Problem, client_address};
use zeroize::Zeroizing;

use crate::domain::session::Client;

/// Name and password of the header `Authorization: Basic` (RFC 7617); `None` where there is no such header.
///
/// A header that cannot be read says nothing that could be right: its name and password are empty.
pub fn basic(request: &HttpRequest) -> Result<Option<(String, Zeroizing<String>)>, Problem> {
    let Some(Credential::Basic(encoded)) = Credential::of(request)? else { return Ok(None) };
    let decoded = STANDARD.decode(encoded).ok().map(Zeroizing::new);
    let pair = decoded.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()?.split_once(':'));
    let (name, password) = pair.unwrap_or_default();
    Ok(Some((name.to_owned(), Zeroizing::new(password.to_owned()))))
}

/// The one token that came, in the header `Authorization: Bearer` or in the body.
///
/// # Errors
/// 400 `multiple_credentials` for two, 401 `missing_token` for none.
pub fn one_token(request: &HttpRequest, in_body: Option<String>) -> Result<String, Problem> {
    let in_header = match Credential::of(request)? {
        Some(Credential::Bearer(token)) => Some(token.to_owned()),
        _ => None,
    };
    match (in_header, in_body) {
        (Some(_), Some(_)) => Err(Denial::MultipleCredentials.into()),
        (Some(token), None) | (None, Some(token)) => Ok(token),
        (None, None) => Err(Denial::Missing.into()),
    }
}

/// What a device that logged in before knows itself by: the header, or the cookie.
pub fn device(request: &HttpRequest) -> Option<String> {
    let in_header = request.headers().get(DEVICE_HEADER).and_then(|token| token.to_str().ok());
    let in_cookie =
        || [DEVICE_COOKIE, DEVICE_COOKIE_OVER_HTTP].into_iter().find_map(|name| request.cookie(name));
    in_header.map(str::to_owned).or_else(|| in_cookie().map(|cookie| cookie.value().to_owned()))
}

/// Where a device gets its token, and sends it back.
pub const DEVICE_HEADER: &str = "x-device-token";
pub const DEVICE_COOKIE: &str = "__Host-device";
/// Browsers keep no `__Host-` without TLS.
pub const DEVICE_COOKIE_OVER_HTTP: &str = "device";

/// Where a request comes from.
pub fn client(request: &HttpRequest) -> Client {
    let user_agent = request.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
    Client {
        ip: client_address(request).map(|address| address.to_string()),
        user_agent: user_agent.map(|agent| agent.chars().take(256).collect()),
    }
}
