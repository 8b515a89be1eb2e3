//! The feeds as they are read, and those who wait for them.
//!
//! One task a copy looks at both heads every 50 ms, and at once when something was committed here or heard of. One
//! snapshot serves all who wait, if it began after they came: what was acknowledged before they asked is in it.

mod desk;
mod look;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use common::clock::Clock;
use common::db::{Db, DbError};
use common::ids::Uuid;
use common::revocations::Revocations as Copy;
use common::revocations::feed::{Answer, Event};
use thiserror::Error;
use tokio::sync::{Notify, watch};

use self::desk::{Asked, Desk};
use self::look::Looker;
use super::background::Background;
use super::lane::{Publisher, State as LaneState};
use super::store::feed::{self as store, Cursor, Log, People, Revocations};
pub use super::store::feed::{Appended, Person};

/// The feeds of this copy. Clones share them.
#[derive(Clone)]
pub struct Feed(Arc<Shared>);

struct Shared {
    db: Db,
    clock: Clock,
    /// Something may have been appended.
    wake: Notify,
    revocations: Desk<Revocations>,
    people: Desk<People>,
    looks: Looks,
    /// Changes when the signing keys did.
    keys: watch::Sender<()>,
    lane: Option<Publisher>,
    /// The time of the verifier of this service, which is to be the database's.
    time: Copy,
}

/// Counts looks at the heads.
#[derive(Default)]
struct Looks {
    begun: AtomicU64,
    finished: watch::Sender<u64>,
}

/// What a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The life of the signing keys that the cursor is of.
    pub epoch: Option<Uuid>,
    /// Where the reader is; without, everything is read from the start.
    pub after: Option<String>,
    /// For how long to wait for something to say, at most [`LONGEST_WAIT`].
    pub wait: Duration,
}

/// Why a feed has no answer.
#[derive(Debug, Error)]
pub enum FeedError {
    #[error("the cursor is not one of this feed")]
    CursorUnknown,
    #[error(transparent)]
    Database(#[from] DbError),
}

pub type Reply<E> = Result<Arc<Answer<Vec<E>>>, FeedError>;

/// The longest that a reader is kept waiting.
pub const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// For how long an act waits until those who wait are told of it.
const TELLING: Duration = Duration::from_millis(50);

/// How much longer than they asked for readers wait while the database is slow.
const PATIENCE: Duration = Duration::from_secs(2);

const PURGE: Duration = Duration::from_secs(60);

impl Feed {
    /// Starts to look, on the present runtime, until `background` is dropped.
    pub fn start(
        db: Db,
        clock: Clock,
        time: Copy,
        lane: Option<Publisher>,
        background: &mut Background,
    ) -> Self {
        let feed = Self(Arc::new(Shared {
            db,
            clock,
            wake: Notify::new(),
            revocations: Desk::default(),
            people: Desk::default(),
            looks: Looks::default(),
            keys: watch::Sender::default(),
            lane,
            time,
        }));
        background.run(Looker::new(feed.0.clone()).run());
        background.run(purge(feed.0.clone()));
        feed
    }

    /// Tells those who wait here, and in the background those who listen on the fast lane, what was committed.
    ///
    /// It returns once the answers to those who wait are on their way, so that whoever hears of a log-out finds it done;
    /// but nobody is kept from logging out by that: after 50 ms it returns anyway.
    pub async fn committed(&self, appended: Appended) {
        if appended.events.is_empty() {
            return;
        }
        if let Some(lane) = &self.0.lane {
            lane.publish(appended);
        }
        let mut looks = self.0.looks.finished.subscribe();
        // A look that has begun already may have missed it.
        let next = self.0.looks.begun.load(Ordering::SeqCst) + 1;
        self.wake();
        let told = looks.wait_for(|finished| *finished >= next);
        if tokio::time::timeout(TELLING, told).await.is_err() {
            log::debug!("the feed was slow to tell of what was committed");
        }
    }

    /// Tells those who wait here that something was appended to the feed of people.
    pub fn person_committed(&self) {
        self.wake();
    }

    /// Has the heads looked at now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// How Redis is; none where there is to be none.
    pub fn redis(&self) -> Option<LaneState> {
        self.0.lane.as_ref().map(Publisher::state)
    }

    /// Changes when the signing keys did, whichever copy changed them.
    pub fn keys_changed(&self) -> watch::Receiver<()> {
        self.0.keys.subscribe()
    }

    /// What was ended before its time.
    pub async fn revocations(&self, question: Question) -> Reply<Event> {
        self.ask(&self.0.revocations, question).await
    }

    /// What became of people.
    pub async fn people(&self, question: Question) -> Reply<Person> {
        self.ask(&self.0.people, question).await
    }

    async fn ask<L: Log>(&self, desk: &Desk<L>, question: Question) -> Reply<L::Event> {
        let after = question.after.map(|text| text.parse::<Cursor>());
        let after = after.transpose().map_err(|()| FeedError::CursorUnknown)?;
        let deadline = self.0.clock.boot() + question.wait.min(LONGEST_WAIT);
        let (asked, reply) = Asked::new(question.epoch, deadline);
        // Who has read everything waits for the next look; whoever has not, or does not want to wait, is served at once.
        if desk.arrive(after, asked) || question.wait.is_zero() {
            self.wake();
        }
        // A database that hangs keeps nobody waiting: another copy may do better.
        match tokio::time::timeout(question.wait.min(LONGEST_WAIT) + PATIENCE, reply).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) | Err(_) => Err(FeedError::Database(DbError::Unavailable)),
        }
    }
}

async fn purge(shared: Arc<Shared>) {
    loop {
        let offset_us = shared.clock.offset_us();
        match shared.db.write(move |conn| store::purge(conn, offset_us)).await {
            Ok(purged) => log::debug!(purged; "expired events were deleted from the feed"),
            Err(error) => log::warn!(error:% = error; "expired events could not be deleted from the feed"),
        }
        tokio::time::sleep(PURGE).await;
    }
}
