use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// What an image is known by: the SHA-256 of its files, in hex. The same image has the same, whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageHash(String);

impl ImageHash {
    /// Of all files of an image, the smallest first. Each one's length stands before it, so that no other files have the
    /// same.
    pub fn of<'a>(files: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut digest = Context::new(&SHA256);
        for file in files {
            digest.update(&(file.len() as u64).to_be_bytes());
            digest.update(file);
        }
        Self(digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        match text.len() == 64 && text.bytes().all(is_hex) {
            true => Ok(Self(text.to_owned())),
            false => Err("no hash of an image"),
        }
    }
}

impl TryFrom<String> for ImageHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ImageHash> for String {
    fn from(hash: ImageHash) -> Self {
        hash.0
    }
}

impl fmt::Display for ImageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
