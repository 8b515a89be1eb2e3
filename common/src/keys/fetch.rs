use std::cmp::Ordering as Order;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use reqwest::header::CACHE_CONTROL;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use url::Url;

use super::set::{KeySet, Keys};
use crate::behalf;
use crate::clock::Clock;
use crate::http_client::{self, FetchError};
use crate::revocations::Epochs;
use crate::token::Refusal;

/// Where the issuer publishes its keys.
pub struct JwksSource {
    pub url: Url,
    pub clock: Clock,
    /// Answers of an older life of the keys count as failures.
    pub epochs: Epochs,
}

/// The issuer's keys, fetched at once, polled every minute, and asked for again when told to. Following ends with this.
pub struct FetchedKeys {
    keys: Keys,
    refetch: Refetch,
    tasks: [JoinHandle<()>; 2],
}

const POLL: Duration = Duration::from_secs(60);
const RETRY: Duration = Duration::from_secs(5);
const RETRY_FIRST: Duration = Duration::from_millis(100);
const COOL_DOWN: Duration = Duration::from_secs(10);
const MAX_BYTES: usize = 256 * 1024;

impl FetchedKeys {
    /// Starts to follow a source on the present runtime.
    pub fn follow(source: JwksSource) -> Self {
        let refetch = Refetch::new(source.clock.clone());
        let keys = Keys::fetched(refetch.clone());
        let telling = tokio::spawn(tell_age(keys.clone(), source.clock.clone()));
        let fetcher = Fetcher {
            http: http_client::client(Duration::from_secs(5)),
            source,
            keys: keys.clone(),
            refetch: refetch.clone(),
        };
        Self { keys, refetch, tasks: [tokio::spawn(fetcher.run()), telling] }
    }

    pub fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// The issuer said that its keys changed: fetch them now, whatever was fetched lately.
    pub fn changed(&self) -> KeysChanged {
        KeysChanged { keys: self.keys.clone(), refetch: self.refetch.clone() }
    }
}

impl Drop for FetchedKeys {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Says in the metrics how old the keys are, from the first ones on.
async fn tell_age(keys: Keys, clock: Clock) {
    const EVERY: Duration = Duration::from_secs(1);
    loop {
        if let Some(age) = keys.age(clock.boot()) {
            metrics::gauge!("jwks_age_seconds").set(age.as_secs_f64());
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Tells the fetcher what the feed said about keys.
#[derive(Clone)]
pub struct KeysChanged {
    keys: Keys,
    refetch: Refetch,
}

impl KeysChanged {
    /// Fetch the keys now, whatever was fetched lately.
    pub fn refetch(&self) {
        self.refetch.0.wanted.notify_one();
    }

    /// A new life of the signing keys began: what was fetched before counts for nothing.
    pub fn begin_again(&self) {
        self.keys.empty();
        self.refetch();
    }
}

/// How those who meet an unknown key wait for one request together.
#[derive(Clone)]
pub(super) struct Refetch(Arc<RefetchState>);

struct RefetchState {
    clock: Clock,
    wanted: Notify,
    started: AtomicU64,
    finished: watch::Sender<Round>,
    last: Mutex<Option<Asked>>,
    /// The `traceparent` of the request that led to the next one.
    traceparent: Mutex<Option<String>>,
}

/// A request for the keys, by its number, and whether it succeeded.
#[derive(Clone, Copy, Default)]
struct Round {
    number: u64,
    succeeded: bool,
}

/// When an unknown key last led to a request, in boot time, and which one.
#[derive(Clone, Copy)]
struct Asked {
    at: Duration,
    number: u64,
}

impl Refetch {
    fn new(clock: Clock) -> Self {
        Self(Arc::new(RefetchState {
            clock,
            wanted: Notify::new(),
            started: AtomicU64::new(0),
            finished: watch::Sender::default(),
            last: Mutex::default(),
            traceparent: Mutex::default(),
        }))
    }

    /// Waits for one request to the issuer that all callers share; within the cool-down, its result answers them.
    pub async fn unknown_kid(&self) -> Result<(), Refusal> {
        let number = self.ask();
        let mut finished = self.0.finished.subscribe();
        let round =
            *finished.wait_for(|round| round.number >= number).await.map_err(|_| Refusal::KeysUnavailable)?;
        if round.succeeded { Ok(()) } else { Err(Refusal::KeysUnavailable) }
    }

    /// Asks for a request without waiting for it, and says which one will tell.
    pub fn ask(&self) -> u64 {
        let boot = self.0.clock.boot();
        let mut last = self.0.last.lock().expect("BUG: nothing panics while it holds the last request");
        if let Some(asked) = *last
            && boot.saturating_sub(asked.at) < COOL_DOWN
        {
            return asked.number;
        }
        let number = self.0.started.load(Ordering::Acquire) + 1;
        *last = Some(Asked { at: boot, number });
        if let Some(traceparent) = behalf::present().and_then(|behalf| behalf.traceparent) {
            *self.traceparent() = Some(traceparent);
        }
        self.0.wanted.notify_one();
        number
    }

    fn traceparent(&self) -> MutexGuard<'_, Option<String>> {
        self.0.traceparent.lock().expect("BUG: nothing panics while it holds a text")
    }
}

struct Fetcher {
    http: reqwest::Client,
    source: JwksSource,
    keys: Keys,
    refetch: Refetch,
}

impl Fetcher {
    async fn run(self) {
        loop {
            let number = self.refetch.0.started.fetch_add(1, Ordering::AcqRel) + 1;
            let succeeded = self.fetch().await;
            self.refetch.0.finished.send_replace(Round { number, succeeded });
            let pause = match (succeeded, self.keys.is_loaded()) {
                (true, _) => POLL,
                (false, true) => RETRY,
                (false, false) => RETRY_FIRST,
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.refetch.0.wanted.notified() => {}
            }
        }
    }

    async fn fetch(&self) -> bool {
        let sent = self.source.clock.boot();
        match self.get().await {
            Ok(set) => {
                log::debug!(keys = set.len(); "the issuer's keys were fetched");
                let epoch = set.epoch;
                self.keys.loaded(set, sent);
                // The feed may have told of a newer life since the answer was read, and have emptied the keys already.
                let is_over = epoch.is_some_and(|epoch| self.source.epochs.see(epoch) == Order::Less);
                if is_over {
                    self.keys.empty();
                }
                !is_over
            }
            Err(error) => {
                log::warn!(error:% = error; "the issuer's keys could not be fetched");
                false
            }
        }
    }

    async fn get(&self) -> Result<KeySet, FetchError> {
        // Past every cache: who asks has reason to believe that the keys changed, or asks once a minute.
        let request = self.http.get(self.source.url.clone()).header(CACHE_CONTROL, "no-cache");
        let request = match self.refetch.traceparent().take() {
            Some(traceparent) => request.header("traceparent", traceparent),
            None => request,
        };
        let body = http_client::fetch(request, MAX_BYTES).await?;
        let set = KeySet::parse(&body).map_err(|error| FetchError::Malformed(error.to_string()))?;
        match set.epoch.map(|epoch| self.source.epochs.see(epoch)) {
            Some(Order::Less) => Err(FetchError::Malformed("keys of an older epoch".to_owned())),
            _ => Ok(set),
        }
    }
}
