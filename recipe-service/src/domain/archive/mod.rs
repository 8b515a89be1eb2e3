//! Files in one: a zip that is not compressed and knows no time, so that the same files are the same bytes.

mod end;

use std::io::{Cursor, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use self::end::End;

/// An archive that is being written, and taken away piece by piece.
pub struct NewArchive {
    zip: ZipWriter<End>,
    end: End,
}

/// An archive that is being read.
pub struct Archive(ZipArchive<Cursor<Vec<u8>>>);

/// What is wrong with an archive, in a clause.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it is no zip")]
    NotAnArchive,
    #[error("{0} is not in it")]
    Missing(String),
    #[error("{0} is not as we write it")]
    Malformed(String),
}

impl NewArchive {
    #[allow(clippy::new_without_default, reason = "an archive is begun, not defaulted")]
    pub fn new() -> Self {
        let end = End::default();
        Self { zip: ZipWriter::new(end.clone()), end }
    }

    /// Adds a file of JSON.
    pub fn add(&mut self, name: &str, content: &impl Serialize) {
        self.add_bytes(name, &json(content));
    }

    /// Adds a file as it is.
    pub fn add_bytes(&mut self, name: &str, content: &[u8]) {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        // The head of a file is finished when the next one begins.
        self.end.begin_file();
        let added = self.zip.start_file(name, options).map(|()| self.zip.write_all(content));
        added.expect("BUG: a file is in an archive twice").expect("BUG: memory refuses a write");
    }

    /// Takes away what will not change any more: all but the file that was added last.
    pub fn take(&mut self) -> Vec<u8> {
        self.end.take()
    }

    /// The rest of it.
    pub fn finish(self) -> Vec<u8> {
        self.zip.finish().expect("BUG: memory refuses a write").rest()
    }
}

/// What a file of JSON holds.
pub fn json(content: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(content).expect("BUG: a file of an archive does not serialise")
}

impl Archive {
    pub fn open(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        ZipArchive::new(Cursor::new(bytes)).map(Self).map_err(|_| Unreadable::NotAnArchive)
    }

    /// The names of the files in a folder, in order.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let names = self.0.file_names().filter_map(|name| name.ok());
        let mut names: Vec<String> =
            names.filter(|name| name.starts_with(folder)).map(|name| name.into_owned()).collect();
        names.sort_unstable();
        names
    }

    /// Reads a file as it is.
    pub fn read_bytes(&mut self, name: &str) -> Result<Vec<u8>, Unreadable> {
        let mut content = Vec::new();
        let mut file = self.0.by_name(name).map_err(|_| Unreadable::Missing(name.to_owned()))?;
        file.read_to_end(&mut content).map_err(|_| Unreadable::Malformed(name.to_owned()))?;
        Ok(content)
    }

    /// Reads a file of JSON.
    pub fn read<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unreadable> {
        let mut content = String::new();
        let mut file = self.0.by_name(name).map_err(|_| Unreadable::Missing(name.to_owned()))?;
        let malformed = || Unreadable::Malformed(name.to_owned());
        file.read_to_string(&mut content).map_err(|_| malformed())?;
        serde_json::from_str(&content).map_err(|_| malformed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &[u8]); 4] = [("a", b"one"), ("b/c", b""), ("국", &[7; 5_000]), ("d", b"two")];

    #[test]
    fn its_pieces_are_what_is_written_at_once() {
        let mut whole = NewArchive::new();
        FILES.iter().for_each(|(name, content)| whole.add_bytes(name, content));
        let whole = whole.finish();

        let (mut archive, mut pieces) = (NewArchive::new(), Vec::new());
        for (name, content) in FILES {
            archive.add_bytes(name, content);
            pieces.push(archive.take());
            assert!(archive.take().is_empty());
        }
        pieces.push(archive.finish());

        assert!(pieces[0].is_empty() && pieces[1].len() < 100 && pieces[3].len() > 5_000);
        assert_eq!(pieces.concat(), whole);
        let mut read = Archive::open(whole).unwrap();
        for (name, content) in FILES {
            assert_eq!(read.read_bytes(name).unwrap(), content);
        }
    }
}
