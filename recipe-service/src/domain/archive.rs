//! Files in one: a zip that is not compressed and knows no time, so that the same files are the same bytes.

use std::io::{Cursor, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// An archive that is being written.
pub struct NewArchive(ZipWriter<Cursor<Vec<u8>>>);

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
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Adds a file of JSON.
    pub fn add(&mut self, name: &str, content: &impl Serialize) {
        let content = serde_json::to_vec(content).expect("BUG: a file of an archive does not serialise");
        self.add_bytes(name, &content);
    }

    /// Adds a file as it is.
    pub fn add_bytes(&mut self, name: &str, content: &[u8]) {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        let added = self.0.start_file(name, options).map(|()| self.0.write_all(content));
        added.expect("BUG: a file is in an archive twice").expect("BUG: memory refuses a write");
    }

    pub fn finish(self) -> Vec<u8> {
        self.0.finish().expect("BUG: memory refuses a write").into_inner()
    }
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
