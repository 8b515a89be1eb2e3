//! The fast lane: events over Redis Pub/Sub, milliseconds after they were committed.
//!
//! It never counts as freshness and need not be complete: what it misses, the feed brings. Who can publish must not be
//! able to blind: only events that end something within the present epoch are taken in, and for seventy minutes at most.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::task::JoinHandle;

use super::feed::{Event, Kind, Published};
use super::{Epochs, Revocations};
use crate::clock::Clock;

/// How to reach Redis.
#[derive(Clone)]
pub struct LaneSettings {
    /// `redis://[user:password@]host:port/`; holds a password, so it is never logged.
    pub url: String,
    pub prefix: String,
}

impl LaneSettings {
    /// The channel that events are published on.
    pub fn channel(&self) -> String {
        format!("{}:events", self.prefix)
    }
}

/// Listens on the fast lane until it is dropped.
pub struct Lane(JoinHandle<()>);

const RETRY: Duration = Duration::from_millis(500);
const QUIET: Duration = Duration::from_secs(5);
const KEEP_US: i64 = 70 * 60 * 1_000_000;

impl Lane {
    /// Takes events into a copy, on the present runtime.
    pub fn listen(settings: LaneSettings, copy: Revocations, epochs: Epochs, clock: Clock) -> Self {
        Self::hear(settings, move |published| take_in(&copy, &epochs, &clock, published))
    }

    /// Calls `hear` with each event that is published, on the present runtime.
    pub fn hear(settings: LaneSettings, hear: impl Fn(Published) + Send + Sync + 'static) -> Self {
        let mut listener = Listener { settings, is_down: false };
        Self(tokio::spawn(async move {
            loop {
                if let Err(error) = listener.listen(&hear).await {
                    listener.note_down(&error);
                }
                tokio::time::sleep(RETRY).await;
            }
        }))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Hears one connection after another, and says once that there is none and once that there is one again.
struct Listener {
    settings: LaneSettings,
    is_down: bool,
}

impl Listener {
    async fn listen(&mut self, hear: &(impl Fn(Published) + Sync)) -> redis::RedisResult<()> {
        let (channel, client) = (self.settings.channel(), redis::Client::open(self.settings.url.as_str())?);
        let (mut sink, mut messages) = in_time(client.get_async_pubsub()).await?.split();
        in_time(sink.subscribe(&channel)).await?;
        log::info!(channel; "listening on the fast lane");
        self.is_down = false;
        loop {
            match tokio::time::timeout(QUIET, messages.next()).await {
                Ok(Some(message)) => match serde_json::from_slice(message.get_payload_bytes()) {
                    Ok(published) => hear(published),
                    Err(_) => log::warn!(channel; "a message on the fast lane makes no sense: skipped"),
                },
                Ok(None) => return Err(timed_out()),
                // Quiet for long: make sure that the server is still there, without a reset ever having reached us.
                Err(_) => in_time(sink.subscribe(&channel)).await?,
            }
        }
    }

    fn note_down(&mut self, error: &redis::RedisError) {
        let channel = self.settings.channel();
        if self.is_down {
            log::debug!(channel, error:% = error.category(); "the fast lane is still down");
        } else {
            log::warn!(channel, error:% = error.category(); "the fast lane is down: revocations take effect over the feed");
        }
        self.is_down = true;
    }
}

async fn in_time<T>(answer: impl Future<Output = redis::RedisResult<T>>) -> redis::RedisResult<T> {
    tokio::time::timeout(QUIET, answer).await.map_err(|_| timed_out())?
}

fn timed_out() -> redis::RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

fn take_in(copy: &Revocations, epochs: &Epochs, clock: &Clock, published: Published) {
    let ends_something = matches!(published.event.kind, Kind::Session | Kind::Token | Kind::Subject);
    if !ends_something || epochs.newest() != Some(published.epoch) {
        return;
    }
    let latest = copy.now(clock) * 1_000_000 + KEEP_US;
    let until = published.event.until.map_or(latest, |until| until.min(latest));
    copy.apply(&Event { until: Some(until), ..published.event }, clock.boot());
}
