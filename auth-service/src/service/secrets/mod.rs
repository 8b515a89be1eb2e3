//! What this service holds of its folder of secrets.

use common::db::DbError;
use common::secrets::Secret;

use crate::domain::RefreshKey;

/// The secrets and their versions. Clones share them.
#[derive(Clone)]
pub struct Secrets;

/// A version of a key that a token names.
pub enum Version<T> {
    Held(T),
    /// The database knows it, this copy does not have it (503).
    Missing,
    /// There never was one.
    Unknown,
}

impl Secrets {
    /// The pepper of a version that this copy holds.
    pub fn pepper(&self, _version: u8) -> Option<Secret> {
        todo!()
    }

    /// The pepper that new passwords are hashed with, and its version.
    pub fn newest_pepper(&self) -> (u8, Secret) {
        todo!()
    }

    /// The key that new refresh tokens are made with.
    pub fn newest_refresh_key(&self) -> RefreshKey {
        todo!()
    }

    /// The key that a refresh token names: where this copy does not know it, the folder is read again and the database
    /// asked, at most once a second.
    pub async fn refresh_key(&self, _version: u8) -> Result<Version<RefreshKey>, DbError> {
        todo!()
    }
}
