//! The fast lane: what was ended, in Redis milliseconds after its commit.
//!
//! Services in other languages check the keys, ours listen to the channel. Nothing waits for it and nothing depends on
//! it: whatever is lost here, the feed brings, and [`mend`] fills into the keys.
//!
//! | key | value | expires |
//! |---|---|---|
//! | `{prefix}:blocklist:sid:{id}`, `…:jti:{id}` | `1` | when no token can be alive any more |
//! | `{prefix}:blocklist:kid:{kid}` | `1` | never |
//! | `{prefix}:minuv:{sub}` | the lowest version of the subject's tokens that counts | as above |
//! | `{prefix}:meta` | `{epoch} {seq}`: everything up to there is set | 30 s after a copy last found it right |
//! | `{prefix}:filling` | which copy is setting all keys anew | ten seconds after its last word |
//!
//! Whoever finds no `meta` cannot rely on the keys: Redis was emptied, drops keys, or was not heard of for too long.

mod link;
mod mend;
mod script;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::clock::Clock;
use common::db::Db;
use common::revocations::feed::Published;
use common::revocations::lane::{Lane, LaneSettings};
use redis::RedisResult;
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::watch;

use self::link::Link;
use self::mend::Mender;
use self::script::{Marks, Meta, Update};
use super::background::Background;
use super::feed::{Appended, Feed};

/// Publishes in the background. Clones share the queue.
#[derive(Clone)]
pub struct Publisher {
    queue: Sender<Appended>,
    state: watch::Receiver<State>,
    /// The last number that was published here, and what has the keys compared when another copy gave out a later one.
    last: Arc<AtomicI64>,
    missed: Arc<Notify>,
}

/// How Redis is, as far as was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers, and keeps what it is given.
    Up,
    Away,
    /// It drops keys when its memory is full.
    Evicting,
}

impl State {
    /// A word for operators.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Away => "unavailable",
            Self::Evicting => "evicting",
        }
    }
}

/// More than this wait only while Redis is away, and then the feed is faster.
const QUEUE: usize = 1024;

impl Publisher {
    /// Starts to publish and to mend, on the present runtime, until `background` is dropped.
    ///
    /// # Errors
    /// A URL that cannot be one of Redis.
    pub fn start(
        settings: &LaneSettings,
        db: Db,
        clock: Clock,
        background: &mut Background,
    ) -> RedisResult<Self> {
        let (queue, queued) = mpsc::channel(QUEUE);
        background.run(publish_all(Link::new(settings)?, settings.clone(), queued));
        let (seen, state) = watch::channel(State::Away);
        let missed = Arc::new(Notify::new());
        let mender = Mender::new(
            Link::new(settings)?,
            settings.clone(),
            db,
            clock,
            Told { seen, missed: missed.clone() },
        );
        background.run(mender.run());
        Ok(Self { queue, state, last: Arc::default(), missed })
    }

    /// Publishes events, unless too many wait already.
    pub fn publish(&self, appended: Appended) {
        self.last.fetch_max(appended.events.last().map_or(0, |event| event.seq), Ordering::Relaxed);
        if self.queue.try_send(appended).is_err() {
            log::debug!("the fast lane is behind: left to the feed");
        }
    }

    /// Has the keys compared with the database now, if what was committed up to `seq` was not all published here:
    /// whoever ended something elsewhere may be gone already, as the command line is.
    pub fn saw(&self, seq: i64) {
        if self.last.fetch_max(seq, Ordering::Relaxed) < seq {
            self.missed.notify_one();
        }
    }

    /// How Redis was within the last second or so.
    pub fn state(&self) -> State {
        *self.state.borrow()
    }
}

/// How those who mend and those who publish tell each other what they saw.
struct Told {
    seen: watch::Sender<State>,
    missed: Arc<Notify>,
}

/// Has the feed looked at whenever another copy publishes, until this is dropped.
pub fn wake_on_news(settings: LaneSettings, feed: Feed) -> Lane {
    Lane::hear(settings, move |_| feed.wake())
}

/// How Redis drops keys when its memory is full, unless it drops none or cannot be asked.
pub async fn evicting_policy(settings: &LaneSettings) -> RedisResult<Option<String>> {
    Link::new(settings)?.evicting_policy().await
}

async fn publish_all(mut link: Link, settings: LaneSettings, mut queued: Receiver<Appended>) {
    while let Some(appended) = queued.recv().await {
        if link.invoke(&publication(&settings, appended)).await.is_err() {
            // Redis is away. Those who come after would only wait for it, one after another.
            while queued.try_recv().is_ok() {}
        }
    }
}

/// Sets the keys whatever `meta` says, and moves `meta` on only if it stood right before these events.
fn publication(settings: &LaneSettings, appended: Appended) -> Update {
    let Appended { epoch, now, events } = appended;
    let (first, last) =
        (events.first().map_or(0, |event| event.seq), events.last().map_or(0, |event| event.seq));
    let (before, after) = (Marks::meta(Meta::at(epoch, first - 1)), Marks::meta(Meta::at(epoch, last)));
    let mut update = Update::always(settings, before, after);
    for event in events {
        update.set(&event, now);
        update.publish(&Published { epoch, event: common::revocations::feed::Event { seq: 0, ..event } });
    }
    update
}
