//! Working at length, on a connection that nobody else waits for.

use std::io;
use std::thread;

use diesel::QueryResult;
use diesel::result::Error;
use tokio::sync::oneshot;

use super::conn::Conn;
use super::error::DbError;
use super::target::{Purpose, Target};
use super::unit::{begin_snapshot, begin_write, conclude, panicked};

/// Reads in a snapshot.
pub(super) async fn read<T: Send + 'static>(
    target: Target,
    work: impl FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
) -> Result<T, DbError> {
    run(target, Purpose::ReadAtLength, begin_snapshot, work).await
}

/// Writes in a transaction.
pub(super) async fn write<T: Send + 'static>(
    target: Target,
    work: impl FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
) -> Result<T, DbError> {
    run(target, Purpose::ReadWrite, begin_write, work).await
}

/// Works on a thread that ends with the work, and on a connection that is closed then.
async fn run<T: Send + 'static>(
    target: Target,
    purpose: Purpose,
    begin: fn(&mut Conn) -> QueryResult<()>,
    work: impl FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
) -> Result<T, DbError> {
    let (answer, answered) = oneshot::channel();
    let work = move || {
        let mut conn = target.connect(purpose).map_err(|error| {
            log::warn!("the database is unavailable: {error}");
            DbError::Unavailable
        })?;
        begin(&mut conn)?;
        Ok(conclude(&mut conn, work)?)
    };
    let thread = thread::Builder::new().name("db-long".into());
    thread.spawn(move || answer.send(work())).map_err(no_thread)?;
    answered.await.unwrap_or_else(|_| Err(panicked().into()))
}

fn no_thread(error: io::Error) -> DbError {
    DbError::Query(Error::QueryBuilderError(Box::new(error)))
}
