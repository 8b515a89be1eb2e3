use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::python;

/// Tells which of the programs that tests need are not on this machine: `postgres`, `redis-server`, `nginx`, `openssl`,
/// `slowhttptest`, `chromium`, `python3` (with its module `venv`).
pub fn is_missing() -> Vec<&'static str> {
    let programs = ["postgres", "redis-server", "nginx", "openssl", "slowhttptest", "chromium"];
    let mut missing: Vec<&str> = programs.into_iter().filter(|name| find(name).is_err()).collect();
    if !python::has_venv() {
        missing.push("python3");
    }
    missing
}

/// Finds a program where Debian keeps the server programs of Postgres (they are not on the `PATH`), on the `PATH`, or in
/// `/usr/sbin`, where servers are that not everybody has on theirs.
///
/// In this order, so that all programs of Postgres come from the same version.
///
/// # Errors
/// It is in neither.
pub fn find(name: &str) -> Result<PathBuf> {
    postgres_folders()
        .into_iter()
        .chain(on_the_path())
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .with_context(|| {
            format!("`{name}` is not installed; `cargo xtask test` installs what the tests need")
        })
}

#[expect(
    clippy::disallowed_methods,
    reason = "programs are found on the PATH, which is no setting of a service"
)]
fn on_the_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// The folders of the installed versions of Postgres, the newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let installed = Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = installed.map(|version| version.path()).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version.file_name())));
    versions.into_iter().map(|version| version.join("bin")).collect()
}

fn number(name: Option<&OsStr>) -> u32 {
    name.and_then(OsStr::to_str).and_then(|name| name.parse().ok()).unwrap_or(0)
}
