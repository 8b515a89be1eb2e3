//! What an operator does to the keys, and what time does.

use common::time::Instant;
use serde::Serialize;

use super::load::Loaded;
use super::{Keyring, KeysError, store};
use crate::service::Auth;
use crate::service::actor::Actor;
use crate::service::store::feed::Appended;
use crate::service::store::keys::{KeyRow, KeyState, Revoking, Turn};

/// A key as an operator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyInfo {
    pub kid: String,
    pub alg: String,
    pub state: KeyState,
    pub created_at: Instant,
    /// From when on it may sign, and once it does, since when it has.
    pub signs_from: Instant,
    /// When it ceased to sign.
    pub retired_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    /// The version of the master key that it is sealed with.
    pub master_version: u8,
}

/// Which key signs now, and which did.
#[derive(Clone, Debug, Serialize)]
pub struct RotatedKeys {
    pub current: String,
    pub retiring: String,
    pub next: String,
}

/// A key that is refused everywhere.
#[derive(Clone, Debug, Serialize)]
pub struct RevokedKey {
    pub kid: String,
    /// The state that it was in; none where it had been revoked before.
    pub was: Option<KeyState>,
}

impl Auth {
    /// Every signing key that there ever was, oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn keys(&self) -> Result<Vec<KeyInfo>, KeysError> {
        let rows = self.db.read(store::all).await?;
        Ok(rows.into_iter().map(KeyInfo::from).collect())
    }

    /// Has the next key sign from now on.
    ///
    /// # Errors
    /// `TooEarly` where it has not been published for its lead; `Contended` where another copy was first.
    pub async fn rotate_keys(&self) -> Result<RotatedKeys, KeysError> {
        let loaded = self.keys.load().await?;
        let loaded = self.with_next(loaded).await?;
        let next = loaded.only(KeyState::Next).ok_or(KeysError::Contended)?;
        if next.signs_from > loaded.now {
            return Err(KeysError::TooEarly(next.signs_from.since(loaded.now)));
        }
        self.turn(&loaded, 0, Some(self.acting)).await?.ok_or(KeysError::Contended)
    }

    /// Refuses a key for ever. Where it is the one that signs, its successor signs at once.
    ///
    /// # Errors
    /// `Unknown`.
    pub async fn revoke_key(&self, kid: &str) -> Result<RevokedKey, KeysError> {
        // What cannot be opened must not come to sign.
        let loaded = self.keys.load_whatever_signs().await?;
        self.with_next(loaded).await?;
        let (new, offset_us, revoked) = (self.keys.new_key()?, self.clock.offset_us(), kid.to_owned());
        let by = self.acting;
        let revoking = self.db.write(move |conn| store::revoke(conn, offset_us, &revoked, &new, by)).await?;
        let kid = kid.to_owned();
        match revoking {
            Revoking::Unknown => Err(KeysError::Unknown),
            Revoking::AlreadyRevoked => Ok(RevokedKey { kid, was: None }),
            Revoking::Revoked { was, lead_was_kept, appended } => {
                log::warn!(kid, was = was.name(); "a signing key was revoked: what it signed is refused everywhere");
                if !lead_was_kept {
                    log::warn!(
                        "its successor signs before its time: a verifier that the feed does not reach may refuse new tokens until it fetches the keys"
                    );
                }
                self.took_place(appended).await?;
                Ok(RevokedKey { kid, was: Some(was) })
            }
        }
    }

    /// Has one key follow the other if the current one has signed for long enough. `None` where another copy was first.
    pub(super) async fn turn(
        &self,
        loaded: &Loaded,
        least_age_us: i64,
        by: Option<Actor>,
    ) -> Result<Option<RotatedKeys>, KeysError> {
        let (current, next) = (loaded.current()?, loaded.only(KeyState::Next).ok_or(KeysError::Contended)?);
        let after_next = self.keys.new_key()?;
        let rotated = RotatedKeys {
            current: next.kid.clone(),
            retiring: current.kid.clone(),
            next: after_next.key.kid.clone(),
        };
        let turn =
            Turn { current: current.kid.clone(), next: next.kid.clone(), least_age_us, after_next, by };
        let offset_us = self.clock.offset_us();
        let Some(appended) = self.db.write(move |conn| store::rotate(conn, offset_us, &turn)).await? else {
            return Ok(None);
        };
        log::info!(kid = rotated.current, retiring = rotated.retiring; "another key signs from now on");
        self.took_place(appended).await?;
        Ok(Some(rotated))
    }

    /// Makes the next key anew where it is missing or cannot be opened.
    pub(super) async fn with_next(&self, loaded: Loaded) -> Result<Loaded, KeysError> {
        if loaded.only(KeyState::Next).is_some() {
            return Ok(loaded);
        }
        self.replace_next(loaded.next_row).await?;
        self.keys.load_whatever_signs().await
    }

    pub(super) async fn replace_next(&self, old: Option<String>) -> Result<(), KeysError> {
        let (new, offset_us) = (self.keys.new_key()?, self.clock.offset_us());
        let kid = new.key.kid.clone();
        let replaced =
            self.db.write(move |conn| store::replace_next(conn, offset_us, old.as_deref(), &new)).await?;
        match replaced {
            Some(appended) => {
                log::info!(kid; "a new key is published, and signs after the current one");
                self.took_place(appended).await
            }
            None => Ok(()),
        }
    }

    /// Takes the change over here before others are told, so that what they ask for is there.
    pub(super) async fn took_place(&self, appended: Appended) -> Result<(), KeysError> {
        let reloaded = self.keys.reload().await;
        self.feed.committed(appended).await;
        reloaded
    }
}

impl Keyring {
    pub(super) async fn load(&self) -> Result<Loaded, KeysError> {
        let loaded = self.load_whatever_signs().await?;
        loaded.current()?;
        Ok(loaded)
    }

    async fn load_whatever_signs(&self) -> Result<Loaded, KeysError> {
        Loaded::read(&self.0.db, &self.0.secrets, &self.0.clock).await
    }
}

impl From<KeyRow> for KeyInfo {
    fn from(row: KeyRow) -> Self {
        let KeyRow { key, state, created_at, signs_from, retired_at, revoked_at } = row;
        let (kid, alg, master_version) = (key.kid, key.alg, key.master_version);
        Self { kid, alg, state, created_at, signs_from, retired_at, revoked_at, master_version }
    }
}
