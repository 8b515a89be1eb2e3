use std::cmp::Ordering;
use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use tokio::task::JoinHandle;
use url::Url;

use super::feed::{Answer, Event, Kind, VERSION};
use super::{Epochs, Freshness, Revocations};
use crate::clock::Clock;
use crate::http_client::{self, FetchError};
use crate::keys::KeysChanged;
use crate::secrets::Secret;

/// Where the feed is, and whom it concerns.
pub struct FollowerSettings {
    /// The ops listeners of the copies of auth-service: one that fails is left for the next at once.
    pub urls: Vec<Url>,
    pub secret: Secret,
    pub copy: Revocations,
    pub epochs: Epochs,
    pub keys: KeysChanged,
    pub clock: Clock,
}

/// Keeps a copy of the revocations in step with the feed, and tells of it in the metrics, until it is dropped.
pub struct Follower(Vec<JoinHandle<()>>);

const WAIT: &str = "1s";
const TIMEOUT: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_millis(100);
const TELL: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_secs(60);
const MAX_BYTES: usize = 8 * 1024 * 1024;

impl Follower {
    /// Starts to follow on the present runtime.
    pub fn start(settings: FollowerSettings) -> Self {
        let sweeping = tokio::spawn(sweep(settings.copy.clone(), settings.clock.clone()));
        let telling = tokio::spawn(tell(settings.copy.clone(), settings.clock.clone()));
        let following = Following { http: http_client::client(TIMEOUT), settings, cursor: None, url: 0 };
        Self(vec![sweeping, telling, tokio::spawn(following.run())])
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

async fn sweep(copy: Revocations, clock: Clock) {
    loop {
        tokio::time::sleep(SWEEP).await;
        copy.sweep(&clock);
    }
}

/// Says in the metrics how old the copy may be (in seconds; it has no age before it is first loaded), how large it is,
/// and how far it can be relied upon.
async fn tell(copy: Revocations, clock: Clock) {
    loop {
        let boot = clock.boot();
        if let Some(silence) = copy.silence(boot) {
            metrics::gauge!("revocation_lag_seconds").set(silence.as_secs_f64());
        }
        metrics::gauge!("revocation_entries").set(copy.len() as f64);
        let freshness = copy.freshness(boot);
        for state in Freshness::ALL {
            let is_so = if state == freshness { 1.0 } else { 0.0 };
            metrics::gauge!("revocation_state", "state" => state.name()).set(is_so);
        }
        tokio::time::sleep(TELL).await;
    }
}

struct Following {
    http: reqwest::Client,
    settings: FollowerSettings,
    cursor: Option<String>,
    url: usize,
}

impl Following {
    async fn run(mut self) {
        let mut failures = 0;
        loop {
            match self.step().await {
                Ok(()) => {
                    if failures > 0 {
                        log::info!(url:% = self.settings.urls[self.url]; "the feed of revocations answers again");
                    }
                    failures = 0;
                }
                // Its place in the feed is gone: a copy that was away for long, or a restored database.
                Err(FetchError::Status(409)) if self.cursor.is_some() => self.cursor = None,
                Err(error) => {
                    // Once, and not ten times a second until it is back.
                    let level = if failures == 0 { log::Level::Warn } else { log::Level::Debug };
                    log::log!(level, url:% = self.settings.urls[self.url], error:% = error; "the feed of revocations did not answer");
                    failures += 1;
                    self.url = (self.url + 1) % self.settings.urls.len();
                    // The next one at once; a pause only after all of them.
                    if failures % self.settings.urls.len() == 0 {
                        tokio::time::sleep(RETRY).await;
                    }
                }
            }
        }
    }

    /// Asks once and takes the answer in: rows first, then time, then freshness.
    async fn step(&mut self) -> Result<(), FetchError> {
        let sent = self.settings.clock.boot();
        let answer = self.ask().await?;
        self.see_epoch(&answer)?;
        let boot = self.settings.clock.boot();
        for event in &answer.events {
            self.apply(event, boot);
        }
        self.settings.copy.set_time(answer.now, sent, boot);
        if !answer.more {
            self.settings.copy.complete(sent);
        }
        self.cursor = Some(answer.cursor);
        Ok(())
    }

    async fn ask(&self) -> Result<Answer<Event>, FetchError> {
        let mut url = self.settings.urls[self.url].clone();
        url.set_path("/internal/revocations");
        {
            let mut query = url.query_pairs_mut();
            if let (Some(cursor), Some(epoch)) = (&self.cursor, self.settings.epochs.newest()) {
                query.append_pair("epoch", &epoch.to_string()).append_pair("after", cursor);
            }
            query.append_pair("wait", WAIT);
        }
        let bearer = format!("Bearer {}", *self.settings.secret.expose_text());
        let body = http_client::fetch(self.http.get(url).header(AUTHORIZATION, bearer), MAX_BYTES).await?;
        let answer: Answer<Event> =
            serde_json::from_slice(&body).map_err(|error| FetchError::Malformed(error.to_string()))?;
        if answer.version != VERSION {
            return Err(FetchError::Malformed(format!("version {} of the feed", answer.version)));
        }
        Ok(answer)
    }

    /// A newer epoch empties the keys, never the copy, and nothing counts before both are loaded again.
    fn see_epoch(&mut self, answer: &Answer<Event>) -> Result<(), FetchError> {
        match self.settings.epochs.see(answer.epoch) {
            Ordering::Less => Err(FetchError::Malformed("an older epoch".to_owned())),
            Ordering::Equal => Ok(()),
            Ordering::Greater => {
                log::warn!("a new life of the signing keys began: keys and revocations are loaded anew");
                self.settings.copy.begin_again();
                self.settings.keys.begin_again();
                if self.cursor.take().is_some() {
                    return Err(FetchError::Malformed("a new epoch: load again".to_owned()));
                }
                Ok(())
            }
        }
    }

    fn apply(&self, event: &Event, boot: Duration) {
        self.settings.copy.apply(event, boot);
        if matches!(event.kind, Kind::Key | Kind::KeysChanged) {
            self.settings.keys.refetch();
        }
    }
}
