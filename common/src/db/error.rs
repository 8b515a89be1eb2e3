//! What a database may answer instead of rows, sorted by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error};

/// Why a piece of work on the database has no result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Nobody could do the work: no connection or thread within a second, the server down or gone in the middle,
    /// a lock not had in time. The client may try again. Of a write it is not known whether it was committed.
    #[error("the database is unavailable")]
    Unavailable,
    /// The database refused the statement.
    #[error("the database refused a statement")]
    Query(#[source] Error),
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        if is_lost(&error) || is_passing(&error) {
            log::warn!("the database is unavailable: {error}");
            return Self::Unavailable;
        }
        Self::Query(error)
    }
}

/// What a thread answers. It becomes a [`DbError`], and a line in the log, in the task that asked: that one knows the
/// id of the request.
#[derive(Debug)]
pub(super) enum Failure {
    NoConnection(r2d2::Error),
    Query(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Query(error)
    }
}

impl From<Failure> for DbError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoConnection(error) => {
                log::warn!("the database is unavailable: {error}");
                Self::Unavailable
            }
            Failure::Query(error) => error.into(),
        }
    }
}

/// Names what a unique index refused, as `table.column`, on both databases.
///
/// Postgres says the constraint, which by its own rule is `users_email_key` or `users_pkey`; SQLite names no
/// constraint but lists `users.email`. An index over several columns gives `table.first_second` on both. Give
/// Postgres's indexes names by that rule (an index of ours may end in `_key` too) and compare with the text.
pub fn violated(error: &Error) -> Option<String> {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else {
        return None;
    };
    match (info.table_name(), info.constraint_name()) {
        (Some(table), Some(constraint)) => Some(postgres_columns(table, constraint)),
        _ => sqlite_columns(info.message()),
    }
}

fn postgres_columns(table: &str, constraint: &str) -> String {
    let columns =
        constraint.strip_prefix(table).and_then(|rest| rest.strip_prefix('_')).unwrap_or(constraint);
    let columns = columns
        .strip_suffix("_key")
        .or_else(|| columns.strip_suffix("_idx"))
        .unwrap_or(if columns == "pkey" { "id" } else { columns });
    format!("{table}.{columns}")
}

fn sqlite_columns(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("UNIQUE constraint failed: ")?.split(", ");
    let mut violated = names.next()?.to_owned();
    for name in names {
        let column = name.rsplit('.').next().unwrap_or(name);
        violated.push('_');
        violated.push_str(column);
    }
    Some(violated)
}

/// The connection is gone; another may do.
pub(super) fn is_lost(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    match error {
        Error::DatabaseError(ClosedConnection | UnableToSendCommand, _) | Error::BrokenTransactionManager => {
            true
        }
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_lost(rollback_error) || is_lost(commit_error)
        }
        _ => false,
    }
}

/// The statement was fine and may succeed later: a lock was not had in time, a standby has not taken over yet, the disk
/// is full.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => true,
        Error::DatabaseError(_, info) => PASSING.iter().any(|words| info.message().contains(words)),
        Error::RollbackErrorOnCommit { commit_error, .. } => is_passing(commit_error),
        _ => false,
    }
}

// Diesel keeps no SQLSTATE and no SQLite code of these, so they are told by their words.
const PASSING: [&str; 10] = [
    "canceling statement due to lock timeout",
    "canceling statement due to statement timeout",
    "deadlock detected",
    "terminating connection due to",
    "database is locked",
    "database table is locked",
    "disk I/O error",
    "database or disk is full",
    "No space left on device",
    "the database system is",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_name_a_violation_alike() {
        assert_eq!(postgres_columns("users", "users_email_key"), "users.email");
        assert_eq!(sqlite_columns("UNIQUE constraint failed: users.email").as_deref(), Some("users.email"));
        assert_eq!(postgres_columns("users", "users_pkey"), "users.id");
        assert_eq!(sqlite_columns("UNIQUE constraint failed: users.id").as_deref(), Some("users.id"));
        assert_eq!(postgres_columns("tags", "tags_recipe_id_name_key"), "tags.recipe_id_name");
        assert_eq!(
            sqlite_columns("UNIQUE constraint failed: tags.recipe_id, tags.name").as_deref(),
            Some("tags.recipe_id_name")
        );
    }
}
