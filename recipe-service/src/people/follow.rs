use std::time::Duration;

use common::clock::Clock;
use common::http_client::{self, FetchError};
use common::revocations::Epochs;
use common::revocations::feed::{Answer, VERSION};
use common::secrets::Secret;
use log::Level;
use thiserror::Error;
use tokio::task::JoinHandle;
use url::Url;

use super::feed::Event;
use crate::error::Error;
use crate::service::people::{Change, People};

/// Where the feed is, and whom it concerns.
pub struct FollowerSettings {
    /// The ops listeners of the copies of auth-service: one that fails is left for the next at once.
    pub urls: Vec<Url>,
    pub secret: Secret,
    pub people: People,
    /// Answers of an older life of the issuer's database count as failures.
    pub epochs: Epochs,
    pub clock: Clock,
}

/// Applies the feed until it is dropped.
pub struct Follower(JoinHandle<()>);

const WAIT: &str = "1s";
const TIMEOUT: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_millis(500);
const MAX_BYTES: usize = 8 * 1024 * 1024;

impl Follower {
    /// Starts to follow on the present runtime.
    pub fn start(settings: FollowerSettings) -> Self {
        let http = http_client::client(TIMEOUT);
        Self(tokio::spawn(Following { http, settings, cursor: None, url: 0 }.run()))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Feed(#[from] FetchError),
    #[error(transparent)]
    Database(#[from] Error),
}

struct Following {
    http: http_client::Client,
    settings: FollowerSettings,
    /// Where the database is in the feed; None where it must be asked.
    cursor: Option<String>,
    url: usize,
}

impl Following {
    async fn run(mut self) {
        let mut failures = 0;
        loop {
            match self.step().await {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    // Once is enough to say it, however long it lasts.
                    let level = if failures == 1 { Level::Warn } else { Level::Debug };
                    let url = &self.settings.urls[self.url];
                    log::log!(level, url:%, error:%; "the feed of people was not applied");
                    self.url = (self.url + 1) % self.settings.urls.len();
                    // The next one at once; a pause only after all of them.
                    if failures % self.settings.urls.len() == 0 {
                        tokio::time::sleep(RETRY).await;
                    }
                }
            }
        }
    }

    /// Asks once, and applies the answer.
    async fn step(&mut self) -> Result<(), Failure> {
        let from = match self.cursor.take() {
            Some(cursor) => cursor,
            None => self.settings.people.cursor().await?,
        };
        let sent = self.settings.clock.boot();
        let (to, changes, is_all) = match self.ask(&from).await {
            Ok(answer) => {
                let changes = answer.events.into_iter().map(Change::from).collect();
                (answer.cursor, changes, !answer.more)
            }
            // Its place in the feed is gone, as in a restored database: all of it once more.
            Err(FetchError::Status(409)) if !from.is_empty() => (String::new(), Vec::new(), false),
            Err(error) => return Err(error.into()),
        };
        if to == from || self.settings.people.apply(from, to.clone(), changes).await? {
            self.cursor = Some(to);
            if is_all {
                self.settings.people.complete(sent);
            }
        }
        Ok(())
    }

    async fn ask(&self, after: &str) -> Result<Answer<Vec<Event>>, FetchError> {
        let mut url = self.settings.urls[self.url].clone();
        url.set_path("/internal/people");
        url.query_pairs_mut().append_pair("wait", WAIT);
        if !after.is_empty() {
            url.query_pairs_mut().append_pair("after", after);
        }
        let body = http_client::fetch(
            self.http.get(url).bearer_auth(&*self.settings.secret.expose_text()),
            MAX_BYTES,
        )
        .await?;
        let answer: Answer<Vec<Event>> =
            serde_json::from_slice(&body).map_err(|error| FetchError::Malformed(error.to_string()))?;
        if answer.version != VERSION {
            return Err(FetchError::Malformed(format!("version {} of the feed", answer.version)));
        }
        if self.settings.epochs.newest().is_some_and(|newest| answer.epoch < newest) {
            return Err(FetchError::Malformed("an older epoch".to_owned()));
        }
        Ok(answer)
    }
}
