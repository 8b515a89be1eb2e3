//! The only room that asks anything of the web: for pages that people import by their address.
//!
//! Whoever names an address lets this service ask in their place, from where it stands: beside its database, within
//! networks that trust it, on machines that tell their own secrets at a fixed address. So a name is resolved here, once a
//! connection; every address that it has must be one of the public internet; and what was looked at is what is connected
//! to. Each redirect is a new request under the same rules.

mod page;
mod place;
mod reachable;
mod web;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

pub use self::page::Page;
pub use self::place::Place;
pub use self::web::{Addresses, Names, Web};

/// Asks the web. Clones share what they ask with.
#[derive(Clone)]
pub struct Egress {
    http: Client,
    web: Web,
}

/// Why a page could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    /// Whatever the cause: who asks is not told which names and ports there are within our walls.
    #[error("nothing was reached there")]
    NotReached,
    #[error("it took too long")]
    TooSlow,
    #[error("it is too large")]
    TooLarge,
    #[error("it leads on and on")]
    TooManyRedirects,
    #[error("it was answered with another status than 200")]
    Refused,
    #[error("it is nothing that is read here")]
    NotAPage,
}

impl NotFetched {
    /// What a program is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotReached => "not_reached",
            Self::TooSlow => "too_slow",
            Self::TooLarge => "too_large",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Refused => "refused",
            Self::NotAPage => "not_a_page",
        }
    }
}

const CONNECTING: Duration = Duration::from_secs(3);
const MAX_REDIRECTS: usize = 5;

const AGENT: &str = concat!("Jipbap/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");
const READ: &str = "text/html, application/xhtml+xml, application/ld+json, text/markdown, text/plain;q=0.5";

impl Egress {
    pub fn to(web: Web) -> Self {
        let http = Client::builder()
            .user_agent(AGENT)
            .dns_resolver(Arc::new(web.clone()))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECTING)
            // A connection that is kept would be used again without another look at its address.
            .pool_max_idle_per_host(0)
            .build()
            .expect("BUG: the client's settings are constants");
        Self { http, web }
    }

    /// Fetches a page, from wherever its place leads to.
    ///
    /// # Errors
    /// Something in its way, which is nothing that another try would change but for `TooSlow`.
    pub async fn fetch(&self, place: Place) -> Result<Page, NotFetched> {
        let fetched = tokio::time::timeout(self.web.patience, self.follow(place)).await;
        fetched.unwrap_or(Err(NotFetched::TooSlow))
    }

    async fn follow(&self, mut place: Place) -> Result<Page, NotFetched> {
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.ask(&place).await?;
            if !answer.status().is_redirection() {
                return Page::read(place, answer).await;
            }
            place = next(&place, &answer)?;
        }
        Err(NotFetched::TooManyRedirects)
    }

    async fn ask(&self, place: &Place) -> Result<Response, NotFetched> {
        // The client resolves no address that is written out, so it would not be looked at on the way.
        if place.ip().is_some_and(|ip| !self.web.reaches(ip)) {
            return Err(NotFetched::NotReached);
        }
        let request = self.http.get(place.url().clone()).header(ACCEPT, READ).header(ACCEPT_ENCODING, "gzip");
        let answer = request.send().await;
        answer.map_err(|error| if error.is_timeout() { NotFetched::TooSlow } else { NotFetched::NotReached })
    }
}

fn next(place: &Place, answer: &Response) -> Result<Place, NotFetched> {
    let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let location = location.ok_or(NotFetched::Refused)?;
    place.join(location).ok_or(NotFetched::NotReached)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::TcpListener;

    use super::*;

    /// Whoever listens at the usual ports of a machine is not a test's to be, so this one is at another.
    #[tokio::test]
    async fn nobody_connects_to_an_address_within_our_walls_that_is_written_out() {
        common::install_crypto();
        let egress = Egress::to(Web::default().patience(Duration::from_secs(1)));
        for ip in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
            let secret = TcpListener::bind("127.0.0.1:0").unwrap();
            secret.set_nonblocking(true).unwrap();
            let place = Place::at_any_port(&format!("http://{ip}:{}/", secret.local_addr().unwrap().port()));

            let fetched = egress.fetch(place).await.map(|_| ());

            assert_eq!(fetched, Err(NotFetched::NotReached));
            assert_eq!(
                secret.accept().map(drop).map_err(|error| error.kind()),
                Err(ErrorKind::WouldBlock),
                "{ip}"
            );
        }
    }
}
