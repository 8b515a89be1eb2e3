//! r2d2, set up to fail fast and to stay small when idle.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use r2d2::PooledConnection;
use scheduled_thread_pool::ScheduledThreadPool;

use super::error::Failure;
use super::manager::{Manager, Reporter};
use super::target::{Purpose, Target};

/// How long work waits for a thread and a connection together.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How long a connection beyond the first stays open without work.
const IDLE: Duration = Duration::from_secs(300);

/// r2d2 opens connections on threads of its own: two for the whole process, so that one database that hangs does not
/// keep another from being opened.
static OPENERS: LazyLock<Arc<ScheduledThreadPool>> = LazyLock::new(|| {
    Arc::new(ScheduledThreadPool::builder().num_threads(2).thread_name_pattern("db-open-{}").build())
});

pub(super) type Lease = PooledConnection<Manager>;

#[derive(Clone)]
pub(super) struct Pool {
    connections: r2d2::Pool<Manager>,
    losses: Arc<AtomicU64>,
}

impl Pool {
    /// Never blocks and never fails: a server that is down shows when a connection is asked for.
    pub(super) fn new(target: Target, purpose: Purpose, size: u32, name: &str) -> Self {
        let losses = Arc::new(AtomicU64::new(0));
        let reporter = Reporter::new(name);
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .idle_timeout(Some(IDLE))
            .connection_timeout(PATIENCE)
            .test_on_check_out(true)
            .thread_pool(Arc::clone(&OPENERS))
            .error_handler(Box::new(reporter.clone()))
            .event_handler(Box::new(reporter))
            .build_unchecked(Manager::new(target, purpose, Arc::clone(&losses)));
        Self { connections, losses }
    }

    /// Waits for a connection, at most what is left of [`PATIENCE`] after `waited`.
    #[expect(clippy::disallowed_methods, reason = "this is common::db")]
    pub(super) fn lease(&self, waited: Duration) -> Result<Lease, Failure> {
        self.connections.get_timeout(PATIENCE.saturating_sub(waited)).map_err(Failure::NoConnection)
    }

    /// Drops this connection and has the others asked before they are used again.
    pub(super) fn lost(&self, mut lease: Lease) {
        self.losses.fetch_add(1, Ordering::Relaxed);
        lease.condemn();
    }
}
