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
use tokio::sync::Semaphore;

pub use self::page::Page;
pub use self::place::Place;
pub use self::web::{Addresses, Names, Web};

/// Asks the web. Clones share what they ask with, and how many may ask at once.
#[derive(Clone)]
pub struct Egress {
    http: Client,
    web: Web,
    asking: Arc<Semaphore>,
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
    #[error("too many pages are being fetched")]
    Busy,
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
            Self::Busy => "busy",
        }
    }
}

const CONNECTING: Duration = Duration::from_secs(3);
const MAX_REDIRECTS: usize = 5;
/// So many pages at once, each of which holds at most twice its largest size.
const AT_ONCE: usize = 16;

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
        Self { http, web, asking: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Fetches a page, from wherever its place leads to.
    ///
    /// # Errors
    /// Something in its way, which is nothing that another try would change but for `TooSlow` and `Busy`.
    pub async fn fetch(&self, place: Place) -> Result<Page, NotFetched> {
        let _one_of_them = self.asking.try_acquire().map_err(|_| NotFetched::Busy)?;
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
