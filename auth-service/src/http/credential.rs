//! The names, passwords and refresh tokens that come with a request.

use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::web::auth::{Carrier, Credential, Denial, bearer};
use common::web::{Problem, address_group, client_address};
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

/// A token that came with a request, and what brought it.
pub struct Presented {
    pub token: String,
    pub carrier: Carrier,
}

/// The one token that came: in the header `Authorization: Bearer` (or the legacy one, where that is allowed), or in the body,
/// or where the caller says nothing, in a cookie.
///
/// # Errors
/// 400 `multiple_credentials` for two, 401 `missing_token` for none.
pub fn one_token(
    request: &HttpRequest,
    in_body: Option<String>,
    legacy_header: bool,
    in_cookie: impl FnOnce() -> Result<Option<String>, Denial>,
) -> Result<Presented, Problem> {
    let said = |token| Ok(Presented { token, carrier: Carrier::Header });
    match (bearer(request, legacy_header)?, in_body) {
        (Some(_), Some(_)) => Err(Denial::MultipleCredentials.into()),
        (Some(token), None) => said(token.to_owned()),
        (None, Some(token)) => said(token),
        (None, None) if Credential::of(request)?.is_some() => Err(Denial::Missing.into()),
        (None, None) => {
            let token = in_cookie()?.ok_or(Denial::Missing)?;
            Ok(Presented { token, carrier: Carrier::Cookie })
        }
    }
}

/// Where a device gets its token, and sends it back.
pub const DEVICE_HEADER: &str = "x-device-token";

/// Where a request comes from.
pub fn client(request: &HttpRequest) -> Client {
    let user_agent = request.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
    Client {
        ip: client_address(request).map(|address| address_group(address).to_string()),
        user_agent: user_agent.map(|agent| agent.chars().take(256).collect()),
    }
}
