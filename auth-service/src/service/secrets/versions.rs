use std::collections::{BTreeMap, BTreeSet};

use common::secrets::Secret;

use super::folder::{Files, MASTER, PEPPER, REFRESH};
use crate::domain::RefreshKey;
use crate::service::store::secrets::Check;

/// A version of a key that a token names.
pub enum Version<T> {
    Held(T),
    /// The database knows it, this copy does not have it: whoever has it can tell.
    Missing,
    /// There never was one.
    Unknown,
}

/// The secrets that have versions.
#[derive(Clone)]
pub(super) struct Held {
    pub master: Versions<Secret>,
    pub pepper: Versions<Secret>,
    pub refresh: Versions<RefreshKey>,
}

/// What is here, and what the database knows. A version is added to every copy first and registered afterwards, so that
/// no copy meets what another made with a version that it does not have.
#[derive(Clone)]
pub(super) struct Versions<T> {
    held: BTreeMap<u8, T>,
    registered: BTreeSet<u8>,
}

impl Held {
    /// Takes over files that were compared with what is registered.
    pub fn new(files: Files, registered: Vec<Check>) -> Self {
        let Files { master, pepper, refresh, .. } = files;
        let refresh =
            refresh.into_iter().map(|(version, secret)| (version, RefreshKey::new(version, &secret)));
        Self {
            master: Versions { held: master.into_iter().collect(), registered: of(MASTER, &registered) },
            pepper: Versions { held: pepper.into_iter().collect(), registered: of(PEPPER, &registered) },
            refresh: Versions { held: refresh.collect(), registered: of(REFRESH, &registered) },
        }
    }

    /// The same, with what the database knows by now.
    pub fn with_registered(&self, registered: &[Check]) -> Self {
        let Self { master, pepper, refresh } = self.clone();
        Self {
            master: Versions { registered: of(MASTER, registered), ..master },
            pepper: Versions { registered: of(PEPPER, registered), ..pepper },
            refresh: Versions { registered: of(REFRESH, registered), ..refresh },
        }
    }
}

fn of(name: &str, registered: &[Check]) -> BTreeSet<u8> {
    registered.iter().filter(|check| check.name == name).map(|check| check.version).collect()
}

impl<T: Clone> Versions<T> {
    pub fn get(&self, version: u8) -> Option<&T> {
        self.held.get(&version)
    }

    /// The one that is used for what is new: the highest that is registered.
    pub fn newest(&self) -> (u8, T) {
        let mut newest_first = self.registered.iter().rev();
        let newest = newest_first.find_map(|version| self.held.get_key_value(version));
        let (version, value) = newest.expect("BUG: a registered version is held since the start");
        (*version, value.clone())
    }

    /// The highest that is held, whether it is registered yet or not.
    pub fn highest(&self) -> (u8, T) {
        let (version, value) =
            self.held.last_key_value().expect("BUG: the first version is held since the start");
        (*version, value.clone())
    }

    /// True for a version that is held and registered.
    pub fn is_in_use(&self, version: u8) -> bool {
        self.held.contains_key(&version) && self.registered.contains(&version)
    }

    pub fn look_up(&self, version: u8) -> Version<T> {
        match self.held.get(&version) {
            Some(value) => Version::Held(value.clone()),
            None if self.registered.contains(&version) => Version::Missing,
            None => Version::Unknown,
        }
    }
}
