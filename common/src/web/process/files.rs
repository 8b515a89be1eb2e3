//! How many connections the process may have open: each is a file to the system.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// For the database, for other services, for logs and files.
const RESERVED: u64 = 256;
/// Two services in one process have so many listeners.
const LISTENERS: u64 = 4;

/// How many connections a listener may take without the rest of the process running out of files.
///
/// Raises the soft limit to the hard one: the soft one is low for the sake of programs that use `select`.
pub(super) fn for_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised it stays as it is.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let each = files.saturating_sub(RESERVED) / LISTENERS;
    usize::try_from(each.max(1)).unwrap_or(usize::MAX)
}
