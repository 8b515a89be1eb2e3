//! A piece of work on its way to a thread.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::Failure;
use super::pool::{PATIENCE, Pool};
use super::stopwatch::Stopwatch;

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
    pending: Mutex<Option<(W, oneshot::Sender<Outcome<W>>)>>,
}

impl<W: Work> Ticket<W> {
    pub(super) fn new(work: W) -> (Arc<Self>, oneshot::Receiver<Outcome<W>>) {
        let (answer, outcome) = oneshot::channel();
        (Arc::new(Self { queued: Stopwatch::start(), pending: Mutex::new(Some((work, answer))) }), outcome)
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
        // The requester may have hung up meanwhile; the work is done all the same.
        let _ = answer.send(work.run(pool, waited));
    }
}
