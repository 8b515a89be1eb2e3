//! One server a SQLite file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The lock that a server holds beside its SQLite file for as long as it lives.
#[derive(Debug)]
pub struct FileLock {
    // The lock ends with the open file, whatever the process dies of.
    _held: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("{} is in use by another server", .0.display())]
    InUse(PathBuf),
    #[error("cannot lock {}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Takes the lock of a SQLite database, which has one server at a time; any other needs none.
///
/// # Errors
/// See [`lock_file`].
pub fn lock_database(url: &str) -> Result<Option<FileLock>, LockError> {
    url.strip_prefix("sqlite://").map(|path| lock_file(Path::new(path))).transpose()
}

/// Takes the exclusive lock `{database}.lock`. Two servers on one file would not see each other's memory; the command
/// line works beside a server and does not take it.
///
/// # Errors
/// `InUse` names the database's file if another server has it.
pub fn lock_file(database: &Path) -> Result<FileLock, LockError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let io_error = |source| LockError::Io { path: path.clone(), source };

    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path).map_err(io_error)?;
    match file.try_lock() {
        Ok(()) => Ok(FileLock { _held: file }),
        Err(TryLockError::WouldBlock) => Err(LockError::InUse(database.to_owned())),
        Err(TryLockError::Error(source)) => Err(io_error(source)),
    }
}
