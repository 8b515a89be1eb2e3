//! What this service holds of the folder of secrets.
//!
//! | file | what for |
//! |---|---|
//! | `auth/master.{version}` | seals the private signing keys in the database |
//! | `auth/pepper.{version}` | goes into every hash of a password |
//! | `auth/refresh.{version}` | makes refresh tokens |
//! | `seal/seal.{version}` | seals access tokens where AUTH_SEAL_TOKENS asks for it |
//! | `feed/feed`, `people/people` | let readers of the two feeds in |
//! | `recipes/cursor.1` | recipe-service's own; only made here |

mod folder;
mod seal;
mod versions;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use common::clock::Clock;
use common::db::{Db, DbError};
use common::secrets::{Secret, SecretError};
use thiserror::Error;
use tokio::sync::Mutex;

use self::folder::{Files, MASTER, PEPPER, Shared as SharedSecrets};
pub use self::folder::{create_all, create_seal};
use self::versions::Held;
pub use self::versions::Version;
use super::store::secrets::{self as store, Check};
use crate::domain::RefreshKey;

/// The secrets and their versions. Clones share them.
#[derive(Clone)]
pub struct Secrets(Arc<State>);

struct State {
    dir: PathBuf,
    db: Db,
    clock: Clock,
    shared: SharedSecrets,
    held: ArcSwap<Held>,
    /// When the files were last read because of an unknown version, in boot time.
    read_again_at: Mutex<Option<Duration>>,
}

/// Why the secrets are not those that they should be.
#[derive(Debug, Error)]
pub enum SecretsError {
    #[error(transparent)]
    Unusable(#[from] SecretError),
    #[error("{} is missing, and the database was made with it", .0.display())]
    Missing(PathBuf),
    #[error("{} is not the one that the database was made with", .0.display())]
    Different(PathBuf),
    #[error(transparent)]
    Database(#[from] DbError),
}

const READ_EVERY: Duration = Duration::from_secs(60);
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);

impl Secrets {
    /// Reads the secrets, and makes them first beside a database on which nobody ever started.
    ///
    /// # Errors
    /// A file that is missing, readable by others, weak, or not the one that the database was made with.
    pub async fn open(dir: &Path, db: Db, clock: Clock) -> Result<Self, SecretsError> {
        let is_new = db.read(store::epoch).await?.is_none();
        if is_new {
            create_all(dir)?;
        }
        let files = Files::read(dir)?;
        if is_new {
            let (offset_us, checks) = (clock.offset_us(), files.first_checks(dir)?);
            db.write(move |conn| store::install(conn, offset_us, &checks)).await?;
        }
        let registered = db.read(store::registered).await?;
        files.compare(dir, &registered)?;
        let shared = files.shared.clone();
        let held = ArcSwap::from_pointee(Held::new(files, registered));
        let read_again_at = Mutex::default();
        Ok(Self(Arc::new(State { dir: dir.to_owned(), db, clock, shared, held, read_again_at })))
    }

    /// The key of this version that seals signing keys.
    pub fn master(&self, version: u8) -> Option<Secret> {
        self.0.held.load().master.get(version).cloned()
    }

    /// The key that new signing keys are sealed with, and its version.
    pub fn newest_master(&self) -> (u8, Secret) {
        self.0.held.load().master.newest()
    }

    /// The key of this version that seals signing keys. Where this copy does not know it, files and database are asked
    /// again: a version is added everywhere first and used afterwards.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_master(&self, version: u8) -> Result<Version<Secret>, DbError> {
        if !self.0.held.load().master.is_in_use(version) {
            self.read_now().await?;
        }
        Ok(self.0.held.load().master.look_up(version))
    }

    /// The highest version of the key that seals signing keys among the files, in use or not, with its check value.
    pub fn highest_master(&self) -> (u8, Secret, Check) {
        let (version, secret) = self.0.held.load().master.highest();
        let check = Check { name: MASTER.to_owned(), version, value: secret.check_value(MASTER) };
        (version, secret, check)
    }

    /// The pepper that a stored password names. Where this copy does not know it, files and database are asked again, at
    /// most once a second: the version may have been added meanwhile.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_pepper(&self, version: u8) -> Result<Version<Secret>, DbError> {
        if !self.0.held.load().pepper.is_in_use(version) {
            self.read_again().await?;
        }
        Ok(self.0.held.load().pepper.look_up(version))
    }

    /// Hashes with the highest version of the pepper among the files from now on, and says which that is. The file must
    /// be on every copy before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn use_newest_pepper(&self) -> Result<u8, DbError> {
        let (version, secret) = self.0.held.load().pepper.highest();
        let check = Check { name: PEPPER.to_owned(), version, value: secret.check_value(PEPPER) };
        self.0.db.autocommit(move |conn| store::add(conn, &check)).await?;
        self.read_now().await?;
        Ok(version)
    }

    /// Reads the secrets again once a minute, so that a version that was added is used by every copy soon.
    pub async fn keep_reading(self) {
        loop {
            tokio::time::sleep(READ_EVERY).await;
            if let Err(error) = self.read_now().await {
                log::warn!(error:% = error; "the secrets could not be read again");
            }
        }
    }

    /// The pepper that new passwords are hashed with, and its version.
    pub fn newest_pepper(&self) -> (u8, Secret) {
        self.0.held.load().pepper.newest()
    }

    /// The key that new refresh tokens are made with.
    pub fn newest_refresh_key(&self) -> RefreshKey {
        self.0.held.load().refresh.newest().1
    }

    /// The key that a refresh token names. Where this copy does not know it, files and database are asked again, at most
    /// once a second: the version may have been added meanwhile.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn refresh_key(&self, version: u8) -> Result<Version<RefreshKey>, DbError> {
        match self.known_refresh_key(version) {
            Version::Held(key) => Ok(Version::Held(key)),
            Version::Missing | Version::Unknown => {
                self.read_again().await?;
                Ok(self.known_refresh_key(version))
            }
        }
    }

    /// Lets readers of the feed of revocations in.
    pub fn feed(&self) -> &Secret {
        &self.0.shared.feed
    }

    /// Lets readers of the feed of people in.
    pub fn people(&self) -> &Secret {
        &self.0.shared.people
    }

    fn known_refresh_key(&self, version: u8) -> Version<RefreshKey> {
        self.0.held.load().refresh.look_up(version)
    }

    async fn read_again(&self) -> Result<(), DbError> {
        let mut read_again_at = self.0.read_again_at.lock().await;
        let now = self.0.clock.boot();
        if read_again_at.is_some_and(|at| now.saturating_sub(at) < READ_AGAIN_AFTER) {
            return Ok(());
        }
        self.read_now().await?;
        *read_again_at = Some(now);
        Ok(())
    }

    async fn read_now(&self) -> Result<(), DbError> {
        let registered = self.0.db.read(store::registered).await?;
        // A dozen small files, at most once a second: not worth a thread of their own.
        let files = Files::read(&self.0.dir).map_err(SecretsError::from);
        match files.and_then(|files| files.compare(&self.0.dir, &registered).map(|()| files)) {
            Ok(files) => self.0.held.store(Arc::new(Held::new(files, registered))),
            // Better to go on with the secrets that were right at the start.
            Err(error) => {
                log::error!(error:% = error; "the secrets changed and do not fit the database: they are not taken over");
                self.0.held.store(Arc::new(self.0.held.load().with_registered(&registered)));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}
