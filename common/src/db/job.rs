//! A piece of work on its way to a thread.

use std::any::type_name;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::Failure;
use super::pool::{PATIENCE, Pool};
use super::stopwatch::Stopwatch;
use crate::behalf::{self, Behalf};

/// Work that takes longer is worth a line of the log.
const SLOW: Duration = Duration::from_millis(250);

/// What a thread can do with a ticket whose types it does not know.
pub(super) trait Job: Send + Sync {
    fn run(&self, pool: &Pool);
}

/// Work that leases its own connections, so that it can take a second one if the first is lost.
pub(super) trait Work: Send + 'static {
    type Output: Send + 'static;

    fn run(self, pool: &Pool, waited: Duration) -> Result<Self::Output, Failure>;
}

type Outcome<W> = Result<<W as Work>::Output, Failure>;

/// Work in the queue. Whoever takes it out of the ticket decides: the thread does it, the requester gives it up.
pub(super) struct Ticket<W: Work> {
    queued: Stopwatch,
    behalf: Option<Behalf>,
    pending: Mutex<Option<(W, oneshot::Sender<Outcome<W>>)>>,
}

impl<W: Work> Ticket<W> {
    pub(super) fn new(work: W) -> (Arc<Self>, oneshot::Receiver<Outcome<W>>) {
        let (answer, outcome) = oneshot::channel();
        let (queued, behalf) = (Stopwatch::start(), behalf::present());
        (Arc::new(Self { queued, behalf, pending: Mutex::new(Some((work, answer))) }), outcome)
    }

    /// True if the work had not begun; then it never will.
    pub(super) fn withdraw(&self) -> bool {
        self.take().is_some()
    }

    fn take(&self) -> Option<(W, oneshot::Sender<Outcome<W>>)> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<W: Work> Job for Ticket<W> {
    fn run(&self, pool: &Pool) {
        let Some((work, answer)) = self.take() else { return };
        let waited = self.queued.elapsed();
        // Nobody waits for it any more, or will not when it is done.
        if answer.is_closed() || waited > PATIENCE {
            return;
        }
        let outcome = behalf::during(self.behalf.clone(), || watched(work, pool, waited));
        // The requester may have hung up meanwhile; the work is done all the same.
        let _ = answer.send(outcome);
    }
}

/// Does the work, and says so where it took long. A statement has no name, but the function that it stands in has one.
fn watched<W: Work>(work: W, pool: &Pool, waited: Duration) -> Outcome<W> {
    let begun = Stopwatch::start();
    let outcome = work.run(pool, waited);
    let took = begun.elapsed();
    if took > SLOW {
        log::warn!(
            target: "slow_query",
            work = type_name::<W>(), took_ms = took.as_millis() as u64, waited_ms = waited.as_millis() as u64;
            "the database took long"
        );
    }
    outcome
}
