use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The text of a file, unpacked by gzip where its name says so.
pub fn text(path: &Path) -> Result<String> {
    if path.extension().is_none_or(|extension| extension != "gz") {
        return std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    }
    let output = Command::new("gzip").arg("-dc").arg(path).stderr(Stdio::inherit()).output();
    let output = output.context("cannot run gzip")?;
    ensure!(output.status.success(), "cannot unpack {}", path.display());
    Ok(String::from_utf8(output.stdout)?)
}
