//! What waits together, done by one statement.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use diesel::QueryResult;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::conn::{Conn, Dialect};
use super::error::DbError;
use super::executor::{Db, LONGEST};
use super::pool::PATIENCE;
use super::unit::{begin_write, conclude};

/// How many keys one statement takes. Under load it is what came while the threads of the database were busy.
const MOST: usize = 32;

/// How many statements are on their way at the same time: one is while the other's answer is taken apart. With more of them
/// nobody would wait for anything, and each would make a round trip of their own, which costs more than to wait.
const AT_ONCE: usize = 2;

/// How long a batch waits for the others. They may be waiting themselves, for rows that somebody holds.
const TURN: Duration = Duration::from_millis(50);

/// Reads or writes by keys, and answers a value for each. What is asked for while two statements are on their way waits, and
/// is done by one, so that a busy service makes fewer round trips, and fewer commits. Who asks alone waits for nothing. Clones
/// share the waiting.
///
/// Each key is done after it was asked for. A batch that fails takes with it only whoever began it: the others ask once more,
/// each alone. So it must have done nothing: on SQLite a batch that writes is a transaction, on Postgres it must be one
/// statement.
pub struct Batched<K, V>(Arc<Shared<K, V>>);

/// Answers the values of keys in the order of the keys.
type DoAll<K, V> = dyn Fn(&mut Conn, &[K]) -> QueryResult<Vec<V>> + Send + Sync;

struct Shared<K, V> {
    db: Db,
    kind: Kind,
    do_all: Arc<DoAll<K, V>>,
    /// The batch that may still be joined. It lives as long as somebody's work is to do it.
    open: Mutex<Weak<Batch<K, V>>>,
    /// Of those that are on their way at the same time.
    turns: Semaphore,
}

#[derive(Clone, Copy)]
enum Kind {
    Reads,
    Writes,
}

/// Those who wait; none any more once their batch is being done.
struct Batch<K, V>(Mutex<Option<Waiting<K, V>>>);

type Waiting<K, V> = Vec<(K, Answer<V>)>;
type Answer<V> = oneshot::Sender<Result<V, DbError>>;

impl<K, V> Batched<K, V>
where
    K: Clone + Send + 'static,
    V: Send + 'static,
{
    pub fn reads(
        db: Db,
        read_all: impl Fn(&mut Conn, &[K]) -> QueryResult<Vec<V>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(db, Kind::Reads, Arc::new(read_all))
    }

    pub fn writes(
        db: Db,
        write_all: impl Fn(&mut Conn, &[K]) -> QueryResult<Vec<V>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(db, Kind::Writes, Arc::new(write_all))
    }

    fn new(db: Db, kind: Kind, do_all: Arc<DoAll<K, V>>) -> Self {
        let turns = Semaphore::new(AT_ONCE);
        Self(Arc::new(Shared { db, kind, do_all, open: Mutex::default(), turns }))
    }

    /// Does what is to be done for a key.
    ///
    /// # Errors
    /// As of [`Db::read`], or of [`Db::autocommit`] if it writes.
    pub async fn ask(&self, key: K) -> Result<V, DbError> {
        let (answer, answered) = oneshot::channel();
        if let Some(batch) = self.0.join(key.clone(), answer) {
            self.0.begin(&batch).await?;
        }
        match timeout(2 * PATIENCE + LONGEST, answered).await {
            Ok(Ok(answer)) => answer,
            // Whoever began the batch has left, or it failed.
            Ok(Err(_unanswered)) => self.0.alone(key).await,
            Err(_elapsed) => Err(DbError::Unavailable),
        }
    }
}

impl<K, V> Shared<K, V>
where
    K: Send + 'static,
    V: Send + 'static,
{
    /// Joins those who wait. Answers the batch if this began it, which is then to be done.
    fn join(&self, key: K, answer: Answer<V>) -> Option<Arc<Batch<K, V>>> {
        let mut open = lock(&self.open);
        let joined = open.upgrade();
        let mut waiting = joined.as_ref().map(|batch| lock(&batch.0));
        if let Some(Some(waiting)) = waiting.as_deref_mut()
            && waiting.len() < MOST
        {
            waiting.push((key, answer));
            return None;
        }
        let batch = Arc::new(Batch(Mutex::new(Some(vec![(key, answer)]))));
        *open = Arc::downgrade(&batch);
        Some(batch)
    }

    async fn begin(&self, batch: &Arc<Batch<K, V>>) -> Result<(), DbError> {
        let _turn = timeout(TURN, self.turns.acquire()).await;
        let done = self.run(doing(Arc::clone(batch), self.kind, Arc::clone(&self.do_all))).await;
        if let Err(DbError::Unavailable) = done {
            // There is nothing that the others could wait for.
            for (_, answer) in batch.close() {
                let _ = answer.send(Err(DbError::Unavailable));
            }
        }
        done
    }

    async fn alone(&self, key: K) -> Result<V, DbError> {
        let do_all = Arc::clone(&self.do_all);
        let work =
            move |conn: &mut Conn| do_all(conn, std::slice::from_ref(&key))?.pop().ok_or(diesel::NotFound);
        self.run(work).await
    }

    /// Boxed, since the compiler cannot tell otherwise that it may go from thread to thread.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, DbError>> {
        match self.kind {
            Kind::Reads => self.db.read(work).boxed(),
            Kind::Writes => self.db.autocommit(work).boxed(),
        }
    }
}

impl<K, V> Batch<K, V> {
    /// Lets nobody join any more, and answers those who wait and have not hung up.
    fn close(&self) -> impl Iterator<Item = (K, Answer<V>)> {
        lock(&self.0).take().into_iter().flatten().filter(|(_, answer)| !answer.is_closed())
    }
}

/// The work of doing a batch. To read, it may be done twice: keys and answers outlast the first try.
fn doing<K, V>(
    batch: Arc<Batch<K, V>>,
    kind: Kind,
    do_all: Arc<DoAll<K, V>>,
) -> impl FnMut(&mut Conn) -> QueryResult<()> {
    let (mut keys, mut answers) = (Vec::new(), Vec::new());
    move |conn| {
        for (key, answer) in batch.close() {
            keys.push(key);
            answers.push(answer);
        }
        let values = match (kind, conn.dialect(), keys.len()) {
            (_, _, 0) => Vec::new(),
            (Kind::Writes, Dialect::Sqlite, 2..) => {
                begin_write(conn)?;
                conclude(conn, |conn| do_all(conn, &keys))?
            }
            _ => do_all(conn, &keys)?,
        };
        for (answer, value) in mem::take(&mut answers).into_iter().zip(values) {
            let _ = answer.send(Ok(value));
        }
        Ok(())
    }
}

impl<K, V> Clone for Batched<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
