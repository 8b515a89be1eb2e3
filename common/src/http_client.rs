//! Asking the issuer over HTTP: bounded in time and size, no redirects, no proxies.

use std::time::Duration;

pub use reqwest::Client;
use thiserror::Error;

/// Why an answer could not be had.
#[derive(Debug, Error)]
pub enum FetchError {
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    #[error("answered {0}")]
    Status(u16),
    #[error("answered more than {0} bytes")]
    TooLarge(usize),
    #[error("the answer makes no sense: {0}")]
    Malformed(String),
}

/// A client that goes only where configuration sends it.
pub fn client(timeout: Duration) -> Client {
    crate::install_crypto();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(timeout)
        .connect_timeout(Duration::from_secs(1))
        .pool_idle_timeout(Duration::from_secs(30))
        .build()
        .expect("BUG: the client's settings are constants")
}

/// Sends a request and reads its answer whole, if it is a 200 of at most `max_bytes`.
pub async fn fetch(request: reqwest::RequestBuilder, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let mut response = request.send().await?;
    if response.status() != 200 {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > max_bytes {
            return Err(FetchError::TooLarge(max_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
