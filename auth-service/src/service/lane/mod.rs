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
//! | `{prefix}:meta` | `{epoch} {seq}`: everything up to there is set | never |
//! | `{prefix}:filling` | which copy is setting all keys anew | ten seconds after its last word |
//!
//! Whoever finds no `meta` cannot rely on the keys.

mod link;
mod mend;
mod script;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::clock::Clock;
use common::db::Db;
use common::revocations::feed::Published;
use common::revocations::lane::{Lane, LaneSettings};
use redis::RedisResult;
use tokio::sync::mpsc::{self, Receiver, Sender};

use self::link::Link;
use self::mend::Mender;
use self::script::{Marks, Meta, Update};
use super::background::Background;
use super::feed::{Appended, Feed};

/// Publishes in the background. Clones share the queue.
#[derive(Clone)]
pub struct Publisher {
    queue: Sender<Appended>,
    is_up: Arc<AtomicBool>,
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
        let is_up = Arc::new(AtomicBool::new(false));
        let mender = Mender::new(Link::new(settings)?, settings.clone(), db, clock, is_up.clone());
        background.run(mender.run());
        Ok(Self { queue, is_up })
    }

    /// Publishes events, unless too many wait already.
    pub fn publish(&self, appended: Appended) {
        if self.queue.try_send(appended).is_err() {
            log::debug!("the fast lane is behind: left to the feed");
        }
    }

    /// True if Redis answered within the last second or so.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }
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
