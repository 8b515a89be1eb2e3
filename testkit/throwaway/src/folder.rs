use std::path::Path;

use tempfile::TempDir;

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// Less than this leaves no room for the databases of a whole run beside each other.
const ROOM: u64 = 2 << 30;

/// A temporary folder whose name begins with `prefix`, in memory where there is room: to copy the hundreds of files of a
/// database takes most of the time of a short test on a disk.
///
/// `TMPDIR` wins, for whoever wants to look at what is left of a test.
pub fn folder(prefix: &str) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    if std::env::temp_dir() == Path::new("/tmp") && has_room(Path::new(MEMORY)) {
        // Some containers mount it so that nobody else may write there.
        if let Ok(folder) = builder.tempdir_in(MEMORY) {
            return Ok(folder);
        }
    }
    builder.tempdir()
}

fn has_room(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|volume| volume.f_bavail.saturating_mul(volume.f_frsize) >= ROOM)
}
