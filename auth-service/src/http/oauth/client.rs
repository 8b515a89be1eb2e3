//! How a client says who it is (RFC 6749 §2.3.1): by Basic or in the body, never by both.

use actix_web::HttpRequest;
use common::web::auth::Credential;
use url::form_urlencoded;

use super::Refusal;
use super::form::Form;
use crate::domain::ClientSecret;
use crate::http::credential;
use crate::service::Auth;
use crate::service::clients::KnownClient;

/// The client that a request comes from.
pub async fn known(request: &HttpRequest, form: &Form, auth: &Auth) -> Result<KnownClient, Refusal> {
    let (id, secret) = presented(request, form)?;
    auth.known_client(&id, &secret).await?.ok_or(Refusal::InvalidClient)
}

fn presented(request: &HttpRequest, form: &Form) -> Result<(String, ClientSecret), Refusal> {
    const TWICE: Refusal = Refusal::InvalidRequest("A client says once who it is.");
    let header = Credential::of(request).map_err(|_| TWICE)?;
    let (id, secret) = (form.get("client_id"), form.get("client_secret"));
    match (header, id, secret) {
        (None, Some(id), Some(secret)) => Ok((id.to_owned(), ClientSecret::presented(secret))),
        (Some(Credential::Basic(_)), id, None) => {
            let (known_as, secret) = by_basic(request)?;
            if id.is_some_and(|id| id != known_as) { Err(TWICE) } else { Ok((known_as, secret)) }
        }
        (Some(_), _, Some(_)) => Err(TWICE),
        _ => Err(Refusal::InvalidClient),
    }
}

fn by_basic(request: &HttpRequest) -> Result<(String, ClientSecret), Refusal> {
    let pair = credential::basic(request).map_err(Refusal::Problem)?;
    let (id, secret) = pair.ok_or(Refusal::InvalidClient)?;
    Ok((decoded(&id), ClientSecret::presented(&decoded(&secret))))
}

/// In Basic both are encoded as in a form. Ours hold nothing that would have to be, and some clients encode it all the
/// same.
fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}
