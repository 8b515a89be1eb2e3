use std::path::{Path, PathBuf};

use common::secrets::{Secret, SecretError, SecretFolder};
use common::token::seal::SEAL;

use super::SecretsError;
use crate::service::store::secrets::Check;

/// The secrets as the files have them.
pub(super) struct Files {
    pub master: Vec<(u8, Secret)>,
    pub pepper: Vec<(u8, Secret)>,
    pub refresh: Vec<(u8, Secret)>,
    pub shared: Shared,
}

/// What others hold as well, and has one version.
#[derive(Clone)]
pub(super) struct Shared {
    pub feed: Secret,
    pub people: Secret,
}

pub(super) const MASTER: &str = "master";
pub(super) const PEPPER: &str = "pepper";
pub(super) const REFRESH: &str = "refresh";
const FEED: &str = "feed";
const PEOPLE: &str = "people";

/// Makes all folders of secrets where there is none for this service; each at one stroke, and this service's last, so that
/// where it is there, all were made.
///
/// # Errors
/// A folder that cannot be made, or is open to others.
pub fn create_all(dir: &Path) -> Result<(), SecretError> {
    let auth = dir.join("auth");
    if auth.exists() {
        return Ok(());
    }
    SecretFolder::create(&dir.join("recipes"), &["cursor.1"])?;
    SecretFolder::create(&dir.join(FEED), &[FEED])?;
    SecretFolder::create(&dir.join(PEOPLE), &[PEOPLE])?;
    create_seal(dir)?;
    SecretFolder::create(&auth, &["master.1", "pepper.1", "refresh.1"]).map(drop)
}

/// Makes the folder of what tokens are sealed with, which came later than the others.
///
/// # Errors
/// A folder that cannot be made, or is open to others.
pub fn create_seal(dir: &Path) -> Result<SecretFolder, SecretError> {
    SecretFolder::create(&dir.join(SEAL), &["seal.1"])
}

impl Files {
    pub fn read(dir: &Path) -> Result<Self, SecretError> {
        let auth = SecretFolder::open(&dir.join("auth"))?;
        Ok(Self {
            master: auth.versions(MASTER)?,
            pepper: auth.versions(PEPPER)?,
            refresh: auth.versions(REFRESH)?,
            shared: Shared {
                feed: SecretFolder::open(&dir.join(FEED))?.read(FEED)?,
                people: SecretFolder::open(&dir.join(PEOPLE))?.read(PEOPLE)?,
            },
        })
    }

    /// The check values of the first version of each, for a new database.
    pub fn first_checks(&self, dir: &Path) -> Result<Vec<Check>, SecretsError> {
        let check = |name: &str| {
            let secret = self.find(name, 1).ok_or_else(|| SecretsError::Missing(path(dir, name, 1)))?;
            Ok(Check { name: name.to_owned(), version: 1, value: secret.check_value(name) })
        };
        [MASTER, PEPPER, REFRESH, FEED, PEOPLE].into_iter().map(check).collect()
    }

    /// Compares every version that was ever in use.
    pub fn compare(&self, dir: &Path, registered: &[Check]) -> Result<(), SecretsError> {
        // What tokens are sealed with is compared where it is read: a server that seals none needs none.
        for Check { name, version, value } in registered.iter().filter(|check| check.name != SEAL) {
            match self.find(name, *version) {
                None => return Err(SecretsError::Missing(path(dir, name, *version))),
                Some(secret) if secret.check_value(name) != *value => {
                    return Err(SecretsError::Different(path(dir, name, *version)));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn find(&self, name: &str, version: u8) -> Option<&Secret> {
        let versions = match name {
            MASTER => &self.master,
            PEPPER => &self.pepper,
            REFRESH => &self.refresh,
            FEED => return Some(&self.shared.feed),
            PEOPLE => return Some(&self.shared.people),
            _ => return None,
        };
        versions.iter().find(|(held, _)| *held == version).map(|(_, secret)| secret)
    }
}

fn path(dir: &Path, name: &str, version: u8) -> PathBuf {
    match name {
        FEED | PEOPLE => dir.join(name).join(name),
        _ => dir.join("auth").join(format!("{name}.{version}")),
    }
}
