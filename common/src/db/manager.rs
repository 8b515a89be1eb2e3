//! How r2d2 makes, checks and drops our connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::R2D2Connection;
use r2d2::event::AcquireEvent;
use r2d2::{HandleError, HandleEvent, ManageConnection};

use super::conn::Conn;
use super::stopwatch::Stopwatch;
use super::target::{ConnectError, Purpose, Target};

/// A connection that was used within this time is handed out unasked.
const TRUSTED: Duration = Duration::from_secs(1);

/// A connection and what is known of its health.
pub(super) struct Checked {
    pub(super) conn: Conn,
    used: Stopwatch,
    losses: u64,
    unusable: bool,
}

impl Checked {
    /// Has it dropped instead of handed to the next.
    pub(super) fn condemn(&mut self) {
        self.unusable = true;
    }
}

pub(super) struct Manager {
    target: Target,
    purpose: Purpose,
    losses: Arc<AtomicU64>,
}

impl Manager {
    /// `losses` counts connections found lost: after each, every other is asked before it is used again, since what
    /// took one (a restart, a failover) took most likely all.
    pub(super) fn new(target: Target, purpose: Purpose, losses: Arc<AtomicU64>) -> Self {
        Self { target, purpose, losses }
    }
}

impl ManageConnection for Manager {
    type Connection = Checked;
    type Error = ConnectError;

    fn connect(&self) -> Result<Checked, ConnectError> {
        let losses = self.losses.load(Ordering::Relaxed);
        let conn = self.target.connect(self.purpose)?;
        Ok(Checked { conn, used: Stopwatch::start(), losses, unusable: false })
    }

    fn is_valid(&self, checked: &mut Checked) -> Result<(), ConnectError> {
        let losses = self.losses.load(Ordering::Relaxed);
        let Conn::Pg(conn) = &mut checked.conn else { return Ok(()) };
        if checked.losses == losses && checked.used.elapsed() < TRUSTED {
            return Ok(());
        }
        conn.batch_execute("SELECT 1")?;
        checked.losses = losses;
        Ok(())
    }

    fn has_broken(&self, checked: &mut Checked) -> bool {
        checked.used = Stopwatch::start();
        checked.unusable || checked.conn.is_broken()
    }
}

/// Says once that the database went away and once that it is back, however often it is tried in between.
#[derive(Debug, Clone)]
pub(super) struct Reporter {
    name: String,
    down: Arc<AtomicBool>,
}

impl Reporter {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), down: Arc::new(AtomicBool::new(false)) }
    }
}

impl HandleError<ConnectError> for Reporter {
    fn handle_error(&self, error: ConnectError) {
        let already_said = self.down.swap(true, Ordering::Relaxed);
        let level = if already_said { log::Level::Debug } else { log::Level::Warn };
        log::log!(level, "no connection to the database of {}: {error}", self.name);
    }
}

impl HandleEvent for Reporter {
    fn handle_acquire(&self, _: AcquireEvent) {
        if self.down.swap(false, Ordering::Relaxed) {
            log::info!("connected to the database of {} again", self.name);
        }
    }
}
