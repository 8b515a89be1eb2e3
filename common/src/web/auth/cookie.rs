use actix_web::HttpRequest;
use actix_web::http::header::COOKIE;

use super::Denial;

/// The cookie that carries the access token to a service that the world reaches at this address.
///
/// Browsers take a cookie `__Host-…` only over TLS and for one host alone, so that no neighbour plants one. They keep none
/// without TLS.
pub fn access_cookie(public_url: &str) -> &'static str {
    if is_over_tls(public_url) { OVER_TLS } else { "access" }
}

/// The cookie that carries the refresh token to the issuer that the world reaches at this address. It is for two paths, so
/// it is not `__Host-`, which would send it along with every call.
pub fn refresh_cookie(public_url: &str) -> &'static str {
    if is_over_tls(public_url) { "__Secure-refresh" } else { "refresh" }
}

/// The name unless an address says otherwise.
pub(super) const OVER_TLS: &str = "__Host-access";

/// True for an address at which browsers take cookies marked `Secure`.
pub fn is_over_tls(public_url: &str) -> bool {
    public_url.starts_with("https:")
}

/// The value of a cookie as it came (RFC 6265 §5.4), not decoded in any way.
///
/// # Errors
/// `MultipleCredentials` when there are two of that name, one of which somebody planted.
pub fn cookie<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, Denial> {
    // Bytes, since cookies of others on the host may be anything.
    let lines = request.headers().get_all(COOKIE).map(|line| line.as_bytes());
    let pairs = lines.flat_map(|line| line.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let mut values = pairs.filter_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Denial::MultipleCredentials),
        // What is no text is no token either.
        (value, None) => Ok(value.map(|value| std::str::from_utf8(value).unwrap_or_default())),
    }
}
