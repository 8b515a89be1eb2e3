//! The secrets that this service was given.
//!
//! | file | what for |
//! |---|---|
//! | `recipes/cursor.1` | seals cursors |
//! | `feed/feed` | asks the issuer what it revoked |
//! | `people/people` | asks the issuer about people |
//! | `seal/seal.{version}` | opens sealed tokens, where RECIPES_SEAL_TOKENS says so |

use std::path::{Path, PathBuf};

use common::db::{Db, DbError};
use common::secrets::{Secret, SecretError, SecretFolder};
use thiserror::Error;

use super::store::secrets as store;

/// What this service may read of the folder of secrets.
pub struct Secrets {
    pub cursor: Secret,
    pub feed: Secret,
    pub people: Secret,
}

/// Why the secrets are not those that they should be.
#[derive(Debug, Error)]
pub enum SecretsError {
    #[error(transparent)]
    Unusable(#[from] SecretError),
    #[error("{} is not the one that the database was made with", .0.display())]
    Different(PathBuf),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Every secret here has had one version so far.
const VERSION: i16 = 1;

impl Secrets {
    /// Reads the secrets and holds them against the database, which remembers the first that it was used with.
    ///
    /// # Errors
    /// A file that is missing, readable by others, weak, or not the one that the database was made with.
    pub async fn open(dir: &Path, db: &Db) -> Result<Self, SecretsError> {
        let folder = |name: &str| SecretFolder::open(&dir.join(name));
        let secrets = Self {
            cursor: folder("recipes")?.read("cursor.1")?,
            feed: folder("feed")?.read("feed")?,
            people: folder("people")?.read("people")?,
        };
        check(db, "cursor", &secrets.cursor, dir.join("recipes/cursor.1")).await?;
        check(db, "feed", &secrets.feed, dir.join("feed/feed")).await?;
        check(db, "people", &secrets.people, dir.join("people/people")).await?;
        Ok(secrets)
    }
}

async fn check(db: &Db, name: &'static str, secret: &Secret, path: PathBuf) -> Result<(), SecretsError> {
    let value = secret.check_value(name);
    let noted = db.write({
        let value = value.clone();
        move |conn| {
            store::note(conn, name, VERSION, &value)?;
            store::check(conn, name, VERSION)
        }
    });
    if noted.await?.as_deref() == Some(&value[..]) { Ok(()) } else { Err(SecretsError::Different(path)) }
}
