//! Where the database is, and how a connection to it is opened.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError, QueryResult};
use rustix::fs::Access;

use super::conn::{Conn, Dialect};
use super::executor::OpenError;

/// A checked database URL.
#[derive(Clone)]
pub(super) enum Target {
    Postgres { url: String, application: String },
    Sqlite { path: PathBuf, synchronous_full: bool },
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reads only. SQLite refuses to write on it, so that a write that took the wrong door fails in the first test.
    Read,
    ReadWrite,
    /// Reads only, and takes its time between statements: what is read is written elsewhere meanwhile.
    ReadAtLength,
    /// May wait long for a lock and run long.
    Migrate,
}

impl Target {
    pub(super) fn parse(url: &str, name: &str, synchronous_full: bool) -> Result<Self, OpenError> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) => {
                refuse_tls_unless_built(rest)?;
                let application = if name.is_empty() { "jipbap" } else { name };
                Ok(Self::Postgres { url: with_timeouts(url), application: application.to_owned() })
            }
            Some(("sqlite", path)) => Ok(Self::Sqlite { path: sqlite_path(path)?, synchronous_full }),
            _ => Err(OpenError::Scheme),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres { .. } => Dialect::Postgres,
            Self::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// Makes an absent SQLite file, readable by its owner only. A connection opens what exists and nothing else, so
    /// that a file that was moved away under a running server is not silently replaced by an empty one.
    pub(super) fn create(&self) -> Result<(), OpenError> {
        let Self::Sqlite { path, .. } = self else { return Ok(()) };
        create_private(path).map_err(|source| OpenError::File { path: path.clone(), source })
    }

    pub(super) fn connect(&self, purpose: Purpose) -> Result<Conn, ConnectError> {
        match self {
            Self::Postgres { url, application } => open_postgres(url, application, purpose).map(Conn::Pg),
            Self::Sqlite { path, synchronous_full } => {
                open_sqlite(path, *synchronous_full, purpose).map(Conn::Sqlite)
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("{0}")]
    Connect(#[from] ConnectionError),
    #[error("{0}")]
    Setup(#[from] diesel::result::Error),
}

/// OpenSSL is set up by us and not by libpq, so that it does not tidy up when the program ends: threads that open connections
/// may be in the midst of it, and would crash.
#[expect(clippy::disallowed_methods, reason = "this is where a database is opened")]
fn open_postgres(url: &str, application: &str, purpose: Purpose) -> Result<PgConnection, ConnectError> {
    #[cfg(feature = "pg-tls")]
    openssl_sys::init();
    let mut conn = PgConnection::establish(url)?;
    // A migration may rewrite a table; everything else that runs this long is lost anyway.
    let (statement, lock) = if purpose == Purpose::Migrate { ("0", "60s") } else { ("10s", "5s") };
    let idle = if purpose == Purpose::ReadAtLength { "60s" } else { "5s" };
    // Statements are short: to compile one, or to start others who help with it, takes longer than it runs.
    conn.batch_execute(&format!(
        "SET jit = off; SET max_parallel_workers_per_gather = 0; \
         SET statement_timeout = '{statement}'; SET lock_timeout = '{lock}'; \
         SET idle_in_transaction_session_timeout = '{idle}'; SET TIME ZONE 'UTC'; \
         SET client_min_messages = 'warning'; SET application_name = '{}'",
        application.replace('\'', "''"),
    ))?;
    Ok(conn)
}

#[expect(clippy::disallowed_methods, reason = "this is where a database is opened")]
fn open_sqlite(path: &Path, full: bool, purpose: Purpose) -> Result<SqliteConnection, ConnectError> {
    let mut conn = SqliteConnection::establish(&format!("file:{}?mode=rw", escaped(path)))?;
    let busy = if purpose == Purpose::Migrate { 60_000 } else { 5_000 };
    conn.batch_execute(&format!("PRAGMA busy_timeout = {busy}"))?;
    enter_wal(&mut conn)?;
    let synchronous = if full { "FULL" } else { "NORMAL" };
    conn.batch_execute(&format!("PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON"))?;
    if matches!(purpose, Purpose::Read | Purpose::ReadAtLength) {
        conn.batch_execute("PRAGMA query_only = ON")?;
    }
    Ok(conn)
}

/// Switches the file to write-ahead logging, which it remembers.
///
/// SQLite does not ask the busy handler when two connections switch a new file at once, hence the retries.
#[expect(clippy::disallowed_methods, reason = "no request waits on the threads that open connections")]
fn enter_wal(conn: &mut SqliteConnection) -> QueryResult<()> {
    const ATTEMPTS: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 1..ATTEMPTS {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string().contains("locked") => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}

/// Escapes what has a meaning in SQLite's file URIs.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

fn create_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        // One that is there is not opened, since closing it would give up every lock that SQLite holds on it in this
        // process (https://sqlite.org/howtocorrupt.html, 2.2): another process would take the log away under us.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_usable(path),
        made => made.map(drop),
    }
}

fn check_usable(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(rustix::fs::access(path, Access::READ_OK | Access::WRITE_OK)?)
}

fn sqlite_path(path: &str) -> Result<PathBuf, OpenError> {
    // Each connection would get a memory of its own.
    let in_memory = path == ":memory:";
    if path.is_empty() || in_memory || path.contains(['?', '\0']) || Path::new(path).to_str().is_none() {
        return Err(OpenError::SqlitePath);
    }
    Ok(PathBuf::from(path))
}

/// Bounds what libpq would otherwise wait for without end: a server that neither answers nor refuses.
fn with_timeouts(url: &str) -> String {
    const BOUNDS: [(&str, &str); 5] = [
        ("connect_timeout", "3"),
        ("tcp_user_timeout", "15000"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "3"),
        ("keepalives_count", "3"),
    ];
    let mut bounded = url.to_owned();
    for (name, value) in BOUNDS {
        if parameter(url, name).is_none() {
            bounded.push(if bounded.contains('?') { '&' } else { '?' });
            bounded.push_str(&format!("{name}={value}"));
        }
    }
    bounded
}

fn refuse_tls_unless_built(rest: &str) -> Result<(), OpenError> {
    let asks = matches!(parameter(rest, "sslmode"), Some("require" | "verify-ca" | "verify-full"));
    if asks && cfg!(not(feature = "pg-tls")) { Err(OpenError::TlsMissing) } else { Ok(()) }
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    fn parse(url: &str) -> Result<Target, OpenError> {
        Target::parse(url, "test", true)
    }

    #[test]
    fn the_scheme_chooses_the_database() {
        assert_eq!(parse("postgres://u@h/d").unwrap().dialect(), Dialect::Postgres);
        assert_eq!(parse("postgresql:///d?host=/run").unwrap().dialect(), Dialect::Postgres);
        assert_eq!(parse("sqlite://data/auth.db").unwrap().dialect(), Dialect::Sqlite);
        for url in ["", "auth.db", "mysql://h/d", "host=localhost dbname=d", "POSTGRES:h"] {
            assert!(matches!(parse(url), Err(OpenError::Scheme)), "{url}");
        }
    }

    #[test]
    fn a_path_that_is_no_file_is_refused() {
        for url in ["sqlite://", "sqlite://:memory:", "sqlite://x.db?mode=ro"] {
            assert!(matches!(parse(url), Err(OpenError::SqlitePath)), "{url}");
        }
    }

    #[test]
    fn bounds_are_added_where_the_url_has_none() {
        let bounded = with_timeouts("postgres://h/d?connect_timeout=9");
        assert!(bounded.starts_with("postgres://h/d?connect_timeout=9&tcp_user_timeout="));
        assert_eq!(bounded.matches("connect_timeout").count(), 1);
        assert!(with_timeouts("postgres://h/d").starts_with("postgres://h/d?connect_timeout=3&"));
    }

    #[test]
    fn copies_that_open_a_new_file_at_once_all_succeed() {
        const COPIES: usize = 8;
        // Without the retries about one round in seven fails.
        for _ in 0..30 {
            let folder = tempfile::tempdir().unwrap();
            let target = Target::Sqlite { path: folder.path().join("new.db"), synchronous_full: false };
            target.create().unwrap();
            let at_once = Barrier::new(COPIES);
            std::thread::scope(|scope| {
                for _ in 0..COPIES {
                    scope.spawn(|| {
                        at_once.wait();
                        let mut conn = target.connect(Purpose::ReadWrite).unwrap();
                        conn.batch_execute("BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS t (a); COMMIT")
                            .unwrap();
                    });
                }
            });
        }
    }

    #[cfg(not(feature = "pg-tls"))]
    #[test]
    fn tls_that_was_not_built_in_is_refused() {
        assert!(matches!(parse("postgres://h/d?sslmode=require"), Err(OpenError::TlsMissing)));
        assert!(matches!(parse("postgres://h/d?a=b&sslmode=verify-full"), Err(OpenError::TlsMissing)));
        assert!(parse("postgres://h/d?sslmode=prefer").is_ok());
    }
}
