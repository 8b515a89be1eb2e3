use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, HeaderName};

use super::Denial;
use super::cookie::cookie;

/// What the header `Authorization` carries (RFC 9110 §11.6.2), not yet believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential<'a> {
    /// A token, `Authorization: Bearer`; may be empty.
    Bearer(&'a str),
    /// Name and password, still in base64 (RFC 7617).
    Basic(&'a str),
    /// A scheme that is not known here.
    Other,
}

static LEGACY: HeaderName = HeaderName::from_static("x-access-token");

impl<'a> Credential<'a> {
    /// Reads the credential of a request.
    ///
    /// # Errors
    /// `MultipleCredentials` when there are two.
    pub fn of(request: &'a HttpRequest) -> Result<Option<Self>, Denial> {
        let mut values = request.headers().get_all(AUTHORIZATION);
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Denial::MultipleCredentials);
        }
        Ok(Some(std::str::from_utf8(value.as_bytes()).map_or(Self::Other, Self::parse)))
    }

    fn parse(value: &'a str) -> Self {
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        if scheme.eq_ignore_ascii_case("bearer") {
            Self::Bearer(rest.trim_matches(' '))
        } else if scheme.eq_ignore_ascii_case("basic") {
            Self::Basic(rest.trim_matches(' '))
        } else {
            Self::Other
        }
    }
}

/// The access token that came with a request: as Bearer, or as `x-access-token` where that is allowed.
///
/// # Errors
/// `MultipleCredentials` when there are two.
pub fn bearer(request: &HttpRequest, legacy_header: bool) -> Result<Option<&str>, Denial> {
    let credential = Credential::of(request)?;
    let mut legacy = request.headers().get_all(&LEGACY).filter(|_| legacy_header);
    match (credential, legacy.next(), legacy.next()) {
        (Some(Credential::Bearer(token)), None, _) => Ok(Some(token)),
        (_, None, _) => Ok(None),
        (None, Some(token), None) => Ok(Some(token.to_str().unwrap_or(""))),
        // Whatever the scheme of the other one is.
        _ => Err(Denial::MultipleCredentials),
    }
}

/// What brought an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A header that only the caller's own program writes.
    Header,
    /// A cookie, which a browser sends along whoever makes it call.
    Cookie,
}

/// The access token that came with a request, from a header or else from the cookie of this name, and by which of them.
///
/// # Errors
/// `MultipleCredentials` when there are two of a kind.
pub(super) fn access_token<'a>(
    request: &'a HttpRequest,
    legacy_header: bool,
    cookie_name: &str,
) -> Result<Option<(&'a str, Carrier)>, Denial> {
    if let Some(token) = bearer(request, legacy_header)? {
        return Ok(Some((token, Carrier::Header)));
    }
    // Whatever the scheme is: who says who is calling means that, and not what the browser adds.
    if Credential::of(request)?.is_some() {
        return Ok(None);
    }
    Ok(cookie(request, cookie_name)?.map(|token| (token, Carrier::Cookie)))
}
