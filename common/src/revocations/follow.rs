use std::cmp::Ordering;
use std::time::Duration;

use futures_util::future::join;
use reqwest::header::AUTHORIZATION;
use serde_json::value::RawValue;
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
/// How many events are taken in before other work has its turn.
const AT_ONCE: usize = 256;

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

/// An answer, and when in boot time it was asked for and came.
struct Page {
    /// Its events are read when they are taken in.
    answer: Answer<Box<RawValue>>,
    sent: Duration,
    came: Duration,
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

    /// Asks for what there is and takes it in, page after page: the issuer reads the next one meanwhile.
    async fn step(&mut self) -> Result<(), FetchError> {
        let mut page = self.ask().await?;
        loop {
            self.see_epoch(&page.answer)?;
            self.cursor = Some(page.answer.cursor.clone());
            if !page.answer.more {
                let taken = self.take_in(&page).await;
                return self.unless_missed(taken);
            }
            let (next, taken) = join(self.ask(), self.take_in(&page)).await;
            self.unless_missed(taken)?;
            page = next?;
        }
    }

    /// The cursor is past a page before the page is taken in: where that fails, everything is loaded again.
    fn unless_missed(&mut self, taken: Result<(), FetchError>) -> Result<(), FetchError> {
        taken.inspect_err(|_| self.cursor = None)
    }

    /// Rows first, then time, then freshness.
    async fn take_in(&self, page: &Page) -> Result<(), FetchError> {
        let Page { answer, sent, came } = page;
        // First the request for the next page is to be on its way.
        tokio::task::yield_now().await;
        let events: Vec<Event> = serde_json::from_str(answer.events.get()).map_err(malformed)?;
        for some in events.chunks(AT_ONCE) {
            some.iter().for_each(|event| self.apply(event, *came));
            tokio::task::yield_now().await;
        }
        self.settings.copy.set_time(answer.now, *sent, *came);
        if !answer.more {
            self.settings.copy.complete(*sent);
        }
        Ok(())
    }

    async fn ask(&self) -> Result<Page, FetchError> {
        let sent = self.settings.clock.boot();
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
        let answer: Answer<Box<RawValue>> = serde_json::from_slice(&body).map_err(malformed)?;
        if answer.version != VERSION {
            return Err(FetchError::Malformed(format!("version {} of the feed", answer.version)));
        }
        Ok(Page { answer, sent, came: self.settings.clock.boot() })
    }

    /// A newer epoch empties the keys, never the copy, and nothing counts before both are loaded again.
    fn see_epoch(&mut self, answer: &Answer<Box<RawValue>>) -> Result<(), FetchError> {
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

fn malformed(error: serde_json::Error) -> FetchError {
    FetchError::Malformed(error.to_string())
}
