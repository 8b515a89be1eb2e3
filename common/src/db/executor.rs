//! The threads on which Diesel may block.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;

use super::conn::{Conn, Dialect};
use super::error::DbError;
use super::job::{Job, Ticket, Work};
use super::long;
use super::migrate::{self, MigrateError, Migrations};
use super::pool::{PATIENCE, Pool};
use super::queue::{Jobs, Queue, Refused};
use super::target::{Purpose, Target};
use super::unit::{Autocommit, Read, Snapshot, Write};

/// How much work may wait. More than this could not be done within [`PATIENCE`] on a slow disk.
const QUEUE: usize = 1024;

/// How long begun work may take: more than a statement's timeout on the server. A server that was stopped in its tracks
/// answers nothing at all, not even that.
pub(super) const LONGEST: Duration = Duration::from_secs(15);

/// How long a start waits for its first connections, and how often it tries.
const SETTLING: Duration = Duration::from_secs(10);
const RETRY: Duration = Duration::from_millis(100);

/// How long `/readyz` waits.
const PING: Duration = Duration::from_secs(2);

/// A database: its pool of connections and the threads that work on them. Cheap to clone.
///
/// The threads end when the last clone is dropped and the queue is empty.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    target: Target,
    name: String,
    readers: Queue<Arc<dyn Job>>,
    // On Postgres the same queue as `readers`.
    writers: Queue<Arc<dyn Job>>,
}

/// What [`Db::open`] wants to know.
#[derive(Clone)]
pub struct DbSettings {
    /// `postgres://…`, `postgresql://…` or `sqlite://path`.
    pub url: String,
    /// Connections, and threads, at most. On SQLite one of them writes and the others read.
    pub pool: u32,
    /// SQLite: whether a commit reaches the disk before it is answered. Without, the last ones may be lost with the
    /// power; never with the process.
    pub synchronous_full: bool,
    /// Of the service: names threads, connections and the lock of migrations.
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database URL begins with none of postgres://, postgresql://, sqlite://")]
    Scheme,
    #[error("sqlite:// needs the path of a file, without parameters")]
    SqlitePath,
    #[error("sslmode asks for TLS to Postgres, which this program was built without (feature pg-tls)")]
    TlsMissing,
    #[error("cannot create {}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

impl Db {
    /// Checks the URL, creates an absent SQLite file (mode 0600) and starts the threads. Whether the server answers
    /// shows later, see [`ping`](Self::ping).
    ///
    /// # Errors
    /// A URL that cannot work, or no file or thread to be had.
    pub fn open(settings: DbSettings) -> Result<Self, OpenError> {
        let DbSettings { url, pool, synchronous_full, name } = settings;
        let target = Target::parse(&url, &name, synchronous_full)?;
        target.create()?;
        let (readers, writers) = match target.dialect() {
            Dialect::Postgres => {
                let queue = start(&target, Purpose::ReadWrite, pool.max(1), &name)?;
                (queue.clone(), queue)
            }
            Dialect::Sqlite => {
                let readers = pool.saturating_sub(1).max(1);
                (
                    start(&target, Purpose::Read, readers, &name)?,
                    start(&target, Purpose::ReadWrite, 1, &name)?,
                )
            }
        };
        Ok(Self(Arc::new(Shared { target, name, readers, writers })))
    }

    pub fn dialect(&self) -> Dialect {
        self.0.target.dialect()
    }

    /// Runs single reading statements, without a transaction. Run once more on a new connection if the first was lost.
    ///
    /// # Errors
    /// See [`DbError`].
    pub async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        submit(&self.0.readers, Read(work)).await
    }

    /// Runs reading statements that all see the database as it was at the first of them. Repeated like [`read`](Self::read).
    ///
    /// # Errors
    /// See [`DbError`].
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        submit(&self.0.readers, Snapshot(work)).await
    }

    /// Runs reading statements like [`snapshot`](Self::snapshot) for as long as they take: on a connection and a thread of
    /// their own, so that nobody waits for them. They are not repeated.
    ///
    /// # Errors
    /// See [`DbError`].
    pub async fn read_at_length<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        long::read(self.0.target.clone(), work).await
    }

    /// Runs a transaction like [`write`](Self::write) for as long as it takes, on a connection and a thread of its own. On
    /// SQLite others wait for it all the same.
    ///
    /// # Errors
    /// See [`DbError`]. After `Unavailable` the transaction may have been committed.
    pub async fn write_at_length<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        long::write(self.0.target.clone(), work).await
    }

    /// Runs one writing statement, which is its own transaction.
    ///
    /// # Errors
    /// See [`DbError`]. After `Unavailable` the statement may have been done.
    pub async fn autocommit<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        submit(&self.0.writers, Autocommit(work)).await
    }

    /// Runs a transaction: `Ok` commits, `Err` rolls back. On SQLite it holds the write lock from its beginning.
    ///
    /// # Errors
    /// See [`DbError`]. After `Unavailable` the transaction may have been committed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
    {
        submit(&self.0.writers, Write(work)).await
    }

    /// Ends the threads and closes the connections when what was asked for is done; whatever comes later is refused.
    ///
    /// A service that has stopped does so, however long its last requests hold on to their state.
    pub fn close(&self) {
        self.0.readers.close();
        self.0.writers.close();
    }

    /// Asks whether the database answers, for `/readyz`.
    ///
    /// # Errors
    /// Whatever keeps it from answering.
    pub async fn ping(&self) -> Result<(), DbError> {
        let answered = self.read(|conn| conn.batch_execute("SELECT 1"));
        tokio::time::timeout(PING, answered).await.unwrap_or(Err(DbError::Unavailable))
    }

    /// Runs the migrations that this database lacks, on a connection of their own and under a lock, so that copies that
    /// start together do not meet. Logs the names of those that ran, and answers them.
    ///
    /// # Errors
    /// No connection, no lock within a minute, or a migration that fails.
    pub async fn migrate(&self, migrations: Migrations) -> Result<Vec<String>, MigrateError> {
        let (answer, answered) = oneshot::channel();
        let shared = Arc::clone(&self.0);
        thread::Builder::new()
            .name(format!("migrate-{}", self.0.name))
            .spawn(move || answer.send(migrate::run(&shared.target, &shared.name, migrations)))
            .map_err(MigrateError::Thread)?;
        let ran = answered.await.unwrap_or(Err(MigrateError::Panicked))?;
        self.settle().await;
        Ok(ran)
    }

    /// Waits for connections that answer. Requests are in a hurry; who starts beside a busy server is not, and would
    /// else be sent away like them.
    async fn settle(&self) {
        let nothing = |conn: &mut Conn| conn.batch_execute("SELECT 1");
        let settled = async {
            while self.read(nothing).await.is_err() || self.autocommit(nothing).await.is_err() {
                tokio::time::sleep(RETRY).await;
            }
        };
        // If there is none by then, the first statement of the service says so.
        let _ = tokio::time::timeout(SETTLING, settled).await;
    }
}

/// Starts a thread for each connection of a new pool, all serving one queue.
fn start(
    target: &Target,
    purpose: Purpose,
    threads: u32,
    name: &str,
) -> Result<Queue<Arc<dyn Job>>, OpenError> {
    let queue = Queue::bounded(QUEUE);
    let pool = Pool::new(target.clone(), purpose, threads, name);
    let role = if purpose == Purpose::Read { "read" } else { "db" };
    for number in 0..threads {
        let (pool, jobs) = (pool.clone(), queue.jobs());
        thread::Builder::new()
            .name(format!("{role}-{name}-{number}"))
            .spawn(move || serve(&pool, &jobs))
            .map_err(OpenError::Thread)?;
    }
    Ok(queue)
}

fn serve(pool: &Pool, jobs: &Jobs<Arc<dyn Job>>) {
    while let Some(job) = jobs.next() {
        job.run(pool);
    }
}

/// Queues the work and waits for its outcome, no longer than [`PATIENCE`] for it to begin and [`LONGEST`] for its end.
async fn submit<W: Work>(queue: &Queue<Arc<dyn Job>>, work: W) -> Result<W::Output, DbError> {
    let (ticket, mut outcome) = Ticket::new(work);
    queue.push(Arc::clone(&ticket) as Arc<dyn Job>).map_err(unavailable)?;
    let outcome = match tokio::time::timeout(PATIENCE, &mut outcome).await {
        Err(_elapsed) if ticket.withdraw() => return Err(DbError::Unavailable),
        Err(_elapsed) => tokio::time::timeout(LONGEST, outcome).await,
        in_time => in_time,
    };
    match outcome {
        Ok(Ok(outcome)) => outcome.map_err(DbError::from),
        Ok(Err(_not_run)) => Err(DbError::Unavailable),
        Err(_elapsed) => {
            log::warn!("the database has not answered for {LONGEST:?}");
            Err(DbError::Unavailable)
        }
    }
}

fn unavailable(refused: Refused) -> DbError {
    match refused {
        Refused::Full => log::warn!("{QUEUE} requests wait for the database; this one is refused"),
        Refused::Closed => {}
        Refused::Abandoned => log::error!("all threads of the database have ended"),
    }
    DbError::Unavailable
}
