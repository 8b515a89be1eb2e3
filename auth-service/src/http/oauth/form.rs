use std::collections::HashSet;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Payload;
use common::web::read_body;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::Refusal;

/// The parameters of a body of `application/x-www-form-urlencoded`, none twice, none empty (RFC 6749 §3.2).
///
/// Parameters that nobody asks for are ignored, as the standard has it.
pub struct Form(Vec<(String, Zeroizing<String>)>);

/// What a body may have in bytes: a token has at most 4096.
const MAX_BYTES: usize = 16 * 1024;

/// The one parameter that may be repeated (RFC 8707 §2).
const RESOURCE: &str = "resource";

impl Form {
    /// Reads the body of a request.
    pub async fn read(request: &HttpRequest, payload: Payload) -> Result<Self, Refusal> {
        check_media(request)?;
        let body = read_body(request, payload.into_inner(), MAX_BYTES).await.map_err(Refusal::Problem)?;
        Self::parse(&body)
    }

    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let (mut names, mut parameters) = (HashSet::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(body) {
            if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(Refusal::InvalidRequest("The body is not UTF-8."));
            }
            if name != RESOURCE && !names.insert(name.clone()) {
                return Err(Refusal::InvalidRequest("A parameter is there twice."));
            }
            // One without a value is one that is not there.
            if !value.is_empty() {
                parameters.push((name.into_owned(), Zeroizing::new(value.into_owned())));
            }
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The value of a parameter that must be there.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or(Refusal::InvalidRequest("A parameter is missing."))
    }

    /// The resources that were named.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.all(RESOURCE)
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn check_media(request: &HttpRequest) -> Result<(), Refusal> {
    let mut types = request.headers().get_all(CONTENT_TYPE);
    let essence = match (types.next(), types.next()) {
        (Some(only), None) => only.to_str().unwrap_or_default().split(';').next().unwrap_or_default(),
        _ => "",
    };
    let is_plain = !request.headers().contains_key(CONTENT_ENCODING);
    if is_plain && essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Refusal::InvalidRequest("The body is read as application/x-www-form-urlencoded, not compressed."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_there_once_and_not_empty() {
        let form = Form::parse(b"a=1&b=&resource=x&resource=y%20z&c").ok().unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("1"), None, None));
        assert_eq!(form.resources().collect::<Vec<_>>(), ["x", "y z"]);
        for refused in ["a=1&a=1", "a=&a=1", "a=%ff", "%ff=1"] {
            assert!(matches!(Form::parse(refused.as_bytes()), Err(Refusal::InvalidRequest(_))), "{refused}");
        }
    }
}
