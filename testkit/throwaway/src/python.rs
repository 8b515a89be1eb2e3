use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::program::find;

/// A Python with the packages that tests hold our work against.
pub struct Python(PathBuf);

impl Python {
    /// Makes a virtual environment in `folder` with these requirements (the text of a `requirements.txt`), unless an
    /// earlier run has made the same one there. Of several that ask at once, one makes it and the others wait.
    ///
    /// # Errors
    /// `python3` has no `venv`, or pip cannot fetch a package.
    pub fn with(requirements: &str, folder: &Path) -> Result<Self> {
        let home = folder.join(format!("python-{:016x}", hash(requirements)));
        let (python, finished) = (home.join("bin/python"), home.join("finished"));
        std::fs::create_dir_all(folder)?;
        let turn = File::create(folder.join("python.lock"))?;
        turn.lock()?;
        if !finished.is_file() {
            make(&home, requirements)?;
            File::create(finished)?;
        }
        Ok(Self(python))
    }

    /// A program that one of the packages brought.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.with_file_name(name)
    }

    /// A command that runs a program in this Python.
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }
}

/// Tells whether `python3` is there, with what a virtual environment needs (a package of its own on Debian).
pub fn has_venv() -> bool {
    let Ok(python) = find("python3") else { return false };
    let output = Command::new(python).args(["-c", "import ensurepip, venv"]).output();
    output.is_ok_and(|output| output.status.success())
}

fn make(home: &Path, requirements: &str) -> Result<()> {
    if !has_venv() {
        bail!(
            "`python3` with its module `venv` is not installed; `cargo xtask test` installs what the tests need"
        );
    }
    // What a run left half done is no use.
    let _ = std::fs::remove_dir_all(home);
    run(Command::new(find("python3")?).args(["-m", "venv"]).arg(home))?;
    let list = home.join("requirements.txt");
    std::fs::write(&list, requirements)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(home.join("bin/python")).args(pip).arg(&list))
}

fn run(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program()).file_name().map_or_else(String::new, lossy);
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed: {}", said.trim());
    Ok(())
}

fn lossy(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
