use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult, SqliteConnection};
use tempfile::NamedTempFile;

use crate::eventually;

/// A copy of a database as operators make it: by `pg_dump`, or SQLite's `VACUUM INTO`.
pub struct Backup {
    url: String,
    copy: NamedTempFile,
}

impl Backup {
    /// Copies the database at this address, `postgres://…` or `sqlite://path`.
    pub fn of(url: &str) -> Self {
        let copy = NamedTempFile::new().expect("no temporary file");
        match url.strip_prefix("sqlite://") {
            Some(path) => vacuum_into(path, copy.path()),
            None => run("pg_dump", &["--clean", "--if-exists", "--file", &text(copy.path()), url]),
        }
        Self { url: url.to_owned(), copy }
    }

    /// Puts the copy in the place of the database, once nobody has it open.
    pub async fn restore(&self) {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                eventually("the database is closed", async || leave_wal(path).ok()).await;
                fs::copy(self.copy.path(), path).expect("the copy cannot be put back");
            }
            None => {
                run("psql", &["-q", "-v", "ON_ERROR_STOP=1", "-1", "-f", &text(self.copy.path()), &self.url]);
            }
        }
    }
}

/// Puts what is in the write-ahead log into the database and removes the log, which nobody can while another has the
/// database open. A log that is still there says nothing: of two who close at the same moment, neither removes it.
fn leave_wal(path: &str) -> QueryResult<()> {
    open(path).batch_execute("PRAGMA journal_mode = DELETE")
}

fn vacuum_into(path: &str, copy: &Path) {
    // It writes no file that is there.
    fs::remove_file(copy).expect("the temporary file is gone");
    let copied = open(path).batch_execute(&format!("VACUUM INTO '{}'", copy.display()));
    copied.expect("the database cannot be copied");
}

#[expect(clippy::disallowed_methods, reason = "an operator's tool has a connection of its own")]
fn open(path: &str) -> SqliteConnection {
    SqliteConnection::establish(path).expect("the database cannot be opened")
}

fn run(program: &str, arguments: &[&str]) {
    let program = throwaway::find(program).unwrap_or_else(|error| panic!("{error:#}"));
    let mut command = Command::new(program);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("it cannot be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
