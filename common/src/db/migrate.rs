//! Migrations at start, by as many copies at once as there are.

use std::io;
use std::time::Duration;

use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::migration::MigrationSource;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use super::conn::Conn;
use super::stopwatch::Stopwatch;
use super::target::{Purpose, Target};
use crate::progress::Progress;

/// One history for each database. `embed_migrations!` makes a constant, or it does not compile.
pub struct Migrations {
    pub postgres: EmbeddedMigrations,
    pub sqlite: EmbeddedMigrations,
}

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("no connection to the database: {0}")]
    Connect(String),
    #[error("another copy has been migrating for a minute")]
    Locked,
    #[error("a migration failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database refused a statement")]
    Query(#[from] Error),
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
    #[error("a migration panicked")]
    Panicked,
}

/// How long copies that start together wait for the one that migrates.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(target: &Target, name: &str, migrations: Migrations) -> Result<Vec<String>, MigrateError> {
    let conn = target.connect(Purpose::Migrate).map_err(|error| MigrateError::Connect(error.to_string()))?;
    let ran = match conn {
        Conn::Pg(conn) => run_on_postgres(conn, name, migrations.postgres),
        Conn::Sqlite(conn) => run_on_sqlite(conn, migrations.sqlite),
    }?;
    ran.iter().for_each(|name| log::info!("migration {name} ran"));
    Ok(ran)
}

fn run_on_postgres(
    mut conn: PgConnection,
    name: &str,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, MigrateError> {
    await_lock(&mut conn, name)?;
    // The lock ends with the session, which ends here.
    run_each(&mut conn, migrations)
}

/// Takes the advisory lock of this service's migrations by asking again and again.
///
/// To wait inside of Postgres would hold a snapshot, for which a `CREATE INDEX CONCURRENTLY` of the copy that has the
/// lock waits in turn.
#[expect(clippy::disallowed_methods, reason = "this thread is of this migration alone")]
fn await_lock(conn: &mut PgConnection, name: &str) -> Result<(), MigrateError> {
    let started = Stopwatch::start();
    while started.elapsed() < PATIENCE {
        let lock = diesel::dsl::sql::<Bool>("pg_try_advisory_lock(hashtextextended('migrations of ' || ")
            .bind::<Text, _>(name)
            .sql(", 0))");
        if diesel::select(lock).get_result(conn)? {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
    Err(MigrateError::Locked)
}

/// SQLite's lock is the write lock of one transaction around all of them; each is a savepoint in it.
fn run_on_sqlite(
    mut conn: SqliteConnection,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, MigrateError> {
    AnsiTransactionManager::begin_transaction_sql(&mut conn, "BEGIN IMMEDIATE")?;
    let ran = run_each(&mut conn, migrations)?;
    AnsiTransactionManager::commit_transaction(&mut conn)?;
    Ok(ran)
}

/// Runs those that the database lacks, each in a transaction, and answers their names.
fn run_each<B: Backend, C: MigrationHarness<B>>(
    conn: &mut C,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, MigrateError>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    let pending = conn.pending_migrations(migrations).map_err(MigrateError::Failed)?;
    let progress = Progress::of("migrations");
    progress.expect(pending.len());
    let mut ran = Vec::with_capacity(pending.len());
    for migration in &pending {
        let version = conn.run_migration(migration.as_ref()).map_err(MigrateError::Failed)?;
        ran.push(version.to_string());
        progress.advance(1);
    }
    Ok(ran)
}
