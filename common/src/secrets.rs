//! Secrets: how they are held in memory and read from files.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use zeroize::Zeroizing;

/// Bytes that no log shows and that are wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Thirty-two random bytes.
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new(vec![0; 32]);
        rand::fill(&mut bytes).expect("BUG: the system has no random numbers");
        Self(bytes)
    }

    /// Reads the text of a secret: base64url of at least 32 bytes.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end()).map_err(|_| SecretError::Malformed)?;
        if bytes.len() < 32 || bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(SecretError::Weak);
        }
        Ok(Self(Zeroizing::new(bytes)))
    }

    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret as text: base64url without padding.
    pub fn expose_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(&*self.0))
    }

    /// Another secret for one purpose, from which this one cannot be told: HMAC-SHA-256 of the purpose.
    pub fn derive(&self, purpose: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.expose());
        Self(Zeroizing::new(
            hmac::sign(&key, format!("jipbap key for {purpose}").as_bytes()).as_ref().to_vec(),
        ))
    }

    /// A value that tells whether two places hold the same secret and nothing else about it: HMAC-SHA-256₁₂₈ of its name.
    pub fn check_value(&self, name: &str) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.expose());
        hmac::sign(&key, format!("jipbap check value of {name}").as_bytes()).as_ref()[..16].to_vec()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Why a secret could not be had.
#[derive(Debug, Error)]
pub enum SecretError {
    #[error("is not base64url: write 32 random bytes with `auth-service secrets`")]
    Malformed,
    #[error("is weak: it must hold at least 32 random bytes; write one with `auth-service secrets`")]
    Weak,
    #[error("{path} is open to others than its owner: chmod {mode:o} it", path = .0.display(), mode = .1)]
    Open(PathBuf, u32),
    #[error("{path}: {source}", path = .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path} is missing: write 32 random bytes in base64url, or run `auth-service secrets`", path = .0.display())]
    Missing(PathBuf),
    #[error("version {0} is no key of AES-256: it must hold exactly 32 random bytes")]
    NoAesKey(u8),
    #[error("{path} {source}", path = .path.display())]
    Unusable { path: PathBuf, source: Box<SecretError> },
}

/// A folder of secrets, 0700, whose files are 0600.
#[derive(Clone, Debug)]
pub struct SecretFolder(PathBuf);

impl SecretFolder {
    /// Opens a folder that is there.
    pub fn open(path: &Path) -> Result<Self, SecretError> {
        check_mode(path, 0o700)?;
        Ok(Self(path.to_owned()))
    }

    /// Makes a folder with these files, each a new random secret, at one stroke: of copies that try at once, or again,
    /// the first one's stays.
    pub fn create(path: &Path, names: &[&str]) -> Result<Self, SecretError> {
        let files: Vec<_> = names.iter().map(|name| (*name, Secret::random().expose_text())).collect();
        Self::create_with(path, &files)
    }

    /// Makes a folder with these files and what is in them, at one stroke, as [`create`](Self::create) does.
    pub fn create_with(path: &Path, files: &[(&str, Zeroizing<String>)]) -> Result<Self, SecretError> {
        if !path.exists() {
            make_folder(path, files)
                .map_err(|source| SecretError::Unreadable { path: path.to_owned(), source })?;
        }
        Self::open(path)
    }

    /// What to say where no version of a secret is there.
    pub(crate) fn without(&self, name: &str) -> SecretError {
        SecretError::Missing(self.0.join(format!("{name}.1")))
    }

    /// Reads one secret.
    pub fn read(&self, name: &str) -> Result<Secret, SecretError> {
        let path = self.0.join(name);
        check_mode(&path, 0o600)?;
        let text = fs::read_to_string(&path)
            .map(Zeroizing::new)
            .map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
        Secret::parse(&text).map_err(|source| SecretError::Unusable { path, source: Box::new(source) })
    }

    /// The versions of a secret that are there, lowest first: files `{name}.{version}`.
    pub fn versions(&self, name: &str) -> Result<Vec<(u8, Secret)>, SecretError> {
        let entries = fs::read_dir(&self.0)
            .map_err(|source| SecretError::Unreadable { path: self.0.clone(), source })?;
        let mut versions = Vec::new();
        for entry in entries.flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if let Some(version) =
                file.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')?.parse().ok())
            {
                versions.push((version, self.read(&file)?));
            }
        }
        versions.sort_by_key(|(version, _)| *version);
        Ok(versions)
    }
}

fn make_folder(path: &Path, files: &[(&str, Zeroizing<String>)]) -> io::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    let unfinished = parent.join(format!(".unfinished-{}", uuid::Uuid::new_v4().simple()));
    fs::DirBuilder::new().mode(0o700).create(&unfinished)?;
    for (name, text) in files {
        write_secret(&unfinished.join(name), text)?;
    }
    // Renaming onto a folder that is not empty fails: then another copy was first, and its secrets are ours.
    fs::rename(&unfinished, path).or_else(|error| {
        fs::remove_dir_all(&unfinished)?;
        if path.is_dir() { Ok(()) } else { Err(error) }
    })
}

/// Writes a file of mode 0600 that was not there.
pub fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn check_mode(path: &Path, most: u32) -> Result<(), SecretError> {
    let metadata =
        fs::metadata(path).map_err(|source| SecretError::Unreadable { path: path.to_owned(), source })?;
    if metadata.mode() & 0o777 & !most != 0 {
        return Err(SecretError::Open(path.to_owned(), most));
    }
    Ok(())
}
