//! The four ways to run a closure on a connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::Error;

use super::conn::Conn;
use super::error::{Failure, is_lost};
use super::job::Work;
use super::pool::{Lease, Pool};
use crate::each;

/// Statements without a transaction, repeated once.
pub(super) struct Read<F>(pub(super) F);
/// A read-only transaction with one snapshot, repeated once.
pub(super) struct Snapshot<F>(pub(super) F);
/// A statement that is its own transaction.
pub(super) struct Autocommit<F>(pub(super) F);
/// A transaction.
pub(super) struct Write<F>(pub(super) F);

impl<T, F> Work for Read<F>
where
    T: Send + 'static,
    F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
{
    type Output = T;

    fn run(mut self, pool: &Pool, waited: Duration) -> Result<T, Failure> {
        twice(pool, waited, |conn| (self.0)(conn))
    }
}

impl<T, F> Work for Snapshot<F>
where
    T: Send + 'static,
    F: FnMut(&mut Conn) -> QueryResult<T> + Send + 'static,
{
    type Output = T;

    fn run(mut self, pool: &Pool, waited: Duration) -> Result<T, Failure> {
        twice(pool, waited, |conn| {
            begin_snapshot(conn)?;
            conclude(conn, &mut self.0)
        })
    }
}

impl<T, F> Work for Autocommit<F>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
{
    type Output = T;

    fn run(self, pool: &Pool, waited: Duration) -> Result<T, Failure> {
        let lease = pool.lease(waited)?;
        on(pool, lease, self.0)?.map_err(Failure::from)
    }
}

impl<T, F> Work for Write<F>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> QueryResult<T> + Send + 'static,
{
    type Output = T;

    fn run(self, pool: &Pool, waited: Duration) -> Result<T, Failure> {
        let lease = begun(pool, waited)?;
        on(pool, lease, |conn| conclude(conn, self.0))?.map_err(Failure::from)
    }
}

/// Runs work that changes nothing, and once more on another connection if the first was lost.
fn twice<T>(
    pool: &Pool,
    waited: Duration,
    mut work: impl FnMut(&mut Conn) -> QueryResult<T>,
) -> Result<T, Failure> {
    let lease = pool.lease(waited)?;
    match on(pool, lease, &mut work)? {
        Err(error) if is_lost(&error) => {
            let lease = pool.lease(Duration::ZERO)?;
            on(pool, lease, &mut work)?.map_err(Failure::from)
        }
        outcome => outcome.map_err(Failure::from),
    }
}

/// Runs work on a connection, and gives the connection back or, if it is not to be trusted any more, up.
///
/// A panic is answered as an error: the thread is not the one that asked and must live on.
fn on<T>(
    pool: &Pool,
    mut lease: Lease,
    work: impl FnOnce(&mut Conn) -> QueryResult<T>,
) -> Result<QueryResult<T>, Failure> {
    let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| work(&mut lease.conn))) else {
        lease.condemn();
        return Err(panicked().into());
    };
    if outcome.as_ref().is_err_and(is_lost) {
        pool.lost(lease);
    }
    Ok(outcome)
}

/// What is answered of work that panicked.
pub(super) fn panicked() -> Error {
    Error::QueryBuilderError("work on the database panicked".into())
}

/// A connection in a transaction. If it is lost before anything was done, another is as good.
fn begun(pool: &Pool, waited: Duration) -> Result<Lease, Failure> {
    let mut lease = pool.lease(waited)?;
    match begin_write(&mut lease.conn) {
        Ok(()) => return Ok(lease),
        Err(error) if is_lost(&error) => pool.lost(lease),
        Err(error) => return Err(error.into()),
    }
    let mut lease = pool.lease(Duration::ZERO)?;
    begin_write(&mut lease.conn)?;
    Ok(lease)
}

pub(super) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Pg(conn) => AnsiTransactionManager::begin_transaction(conn),
        // A deferred transaction that read first is refused the write lock at once, whatever the busy timeout.
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
    }
}

pub(super) fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Pg(conn) => {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            AnsiTransactionManager::begin_transaction_sql(conn, begin)
        }
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
}

/// Ends the transaction as the work decides.
pub(super) fn conclude<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> QueryResult<T>) -> QueryResult<T> {
    match work(conn) {
        Ok(value) => {
            each!(conn, c => AnsiTransactionManager::commit_transaction(c))?;
            Ok(value)
        }
        Err(error) => {
            // Why the work failed matters more than that it could not be undone on a connection that is gone.
            if let Err(rollback) = each!(conn, c => AnsiTransactionManager::rollback_transaction(c)) {
                log::debug!("rolling back failed: {rollback}");
            }
            Err(error)
        }
    }
}
