//! Reads that wait together, done by one statement.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use diesel::QueryResult;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::conn::Conn;
use super::error::DbError;
use super::executor::{Db, LONGEST};
use super::pool::PATIENCE;

/// How many keys one statement reads. Under load it is what came while the threads of the database were busy.
const MOST: usize = 32;

/// How many statements read at the same time: one is on its way while the other's answer is taken apart. With more of them
/// nobody would wait for anything, and each would make a round trip of their own, which costs more than to wait.
const AT_ONCE: usize = 2;

/// Reads values by their keys. What is asked for while two statements are on their way waits, and is read by one, so that
/// a busy service makes fewer round trips. Who asks alone waits for nothing. Clones share the waiting.
///
/// Each value is read after it was asked for. A statement that fails takes with it only whoever began its batch: the others
/// ask once more, each alone.
pub struct Batched<K, V>(Arc<Shared<K, V>>);

/// Answers the values of keys in the order of the keys.
type ReadAll<K, V> = fn(&mut Conn, &[K]) -> QueryResult<Vec<V>>;

struct Shared<K, V> {
    db: Db,
    read_all: ReadAll<K, V>,
    /// The batch that may still be joined. It lives as long as somebody's work is to read it.
    open: Mutex<Weak<Batch<K, V>>>,
    /// Of those who read at the same time.
    turns: Semaphore,
}

/// Those who wait; none any more once they are being read.
struct Batch<K, V>(Mutex<Option<Waiting<K, V>>>);

type Waiting<K, V> = Vec<(K, Answer<V>)>;
type Answer<V> = oneshot::Sender<Result<V, DbError>>;

impl<K, V> Batched<K, V>
where
    K: Clone + Send + 'static,
    V: Send + 'static,
{
    pub fn new(db: Db, read_all: ReadAll<K, V>) -> Self {
        Self(Arc::new(Shared { db, read_all, open: Mutex::default(), turns: Semaphore::new(AT_ONCE) }))
    }

    /// Reads a value.
    ///
    /// # Errors
    /// As of [`Db::read`].
    pub async fn read(&self, key: K) -> Result<V, DbError> {
        let (answer, answered) = oneshot::channel();
        if let Some(batch) = self.0.join(key.clone(), answer) {
            self.0.read(&batch).await?;
        }
        match timeout(2 * PATIENCE + LONGEST, answered).await {
            Ok(Ok(answer)) => answer,
            // Whoever began the batch has left, or it failed.
            Ok(Err(_unanswered)) => self.0.read_alone(key).await,
            Err(_elapsed) => Err(DbError::Unavailable),
        }
    }
}

impl<K, V> Shared<K, V>
where
    K: Send + 'static,
    V: Send + 'static,
{
    /// Joins those who wait. Answers the batch if this began it, which is then to be read.
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

    async fn read(&self, batch: &Arc<Batch<K, V>>) -> Result<(), DbError> {
        let read = match timeout(PATIENCE, self.turns.acquire()).await {
            Ok(Ok(_turn)) => self.db.read(reading(Arc::clone(batch), self.read_all)).await,
            Ok(Err(_)) | Err(_) => Err(DbError::Unavailable),
        };
        if let Err(DbError::Unavailable) = read {
            // There is nothing that the others could wait for.
            for (_, answer) in batch.close() {
                let _ = answer.send(Err(DbError::Unavailable));
            }
        }
        read
    }

    async fn read_alone(&self, key: K) -> Result<V, DbError> {
        let read_all = self.read_all;
        let work =
            move |conn: &mut Conn| read_all(conn, std::slice::from_ref(&key))?.pop().ok_or(diesel::NotFound);
        self.db.read(work).await
    }
}

impl<K, V> Batch<K, V> {
    /// Lets nobody join any more, and answers those who wait and have not hung up.
    fn close(&self) -> impl Iterator<Item = (K, Answer<V>)> {
        lock(&self.0).take().into_iter().flatten().filter(|(_, answer)| !answer.is_closed())
    }
}

/// The work of reading a batch. It may be done twice: keys and answers outlast the first try.
fn reading<K, V>(
    batch: Arc<Batch<K, V>>,
    read_all: ReadAll<K, V>,
) -> impl FnMut(&mut Conn) -> QueryResult<()> {
    let (mut keys, mut answers) = (Vec::new(), Vec::new());
    move |conn| {
        for (key, answer) in batch.close() {
            keys.push(key);
            answers.push(answer);
        }
        if !keys.is_empty() {
            let values = read_all(conn, &keys)?;
            for (answer, value) in mem::take(&mut answers).into_iter().zip(values) {
                let _ = answer.send(Ok(value));
            }
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
