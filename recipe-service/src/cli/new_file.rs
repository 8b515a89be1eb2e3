use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file that is being written, for its owner alone. Under its name it is whole or not at all: what is there under that
/// name stays until then.
pub struct NewFile<'a> {
    file: File,
    path: &'a Path,
    /// What it is called until it is whole; none where it has no end that others would wait for: a pipe, a device.
    unfinished: Option<PathBuf>,
}

impl<'a> NewFile<'a> {
    pub fn begin(path: &'a Path) -> io::Result<Self> {
        let unfinished = fs::metadata(path).map_or(true, |there| there.is_file()).then(|| unfinished(path));
        let mut options = OpenOptions::new();
        let file = match &unfinished {
            Some(unfinished) => options.write(true).create(true).truncate(true).mode(0o600).open(unfinished),
            None => options.write(true).open(path),
        };
        Ok(Self { file: file?, path, unfinished })
    }

    /// Gives it its name.
    pub fn keep(mut self) -> io::Result<()> {
        let Some(unfinished) = self.unfinished.take() else { return Ok(()) };
        self.file.sync_all()?;
        fs::rename(unfinished, self.path)
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    name.into()
}

impl Write for NewFile<'_> {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.file.write(more)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if let Some(unfinished) = &self.unfinished {
            // What is left of it is written over the next time.
            let _ = fs::remove_file(unfinished);
        }
    }
}
