//! Passwords and their stored form, on threads of their own.

mod imported;
mod queue;
mod stored;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::clock::Clock;
use common::secrets::Secret;
use zeroize::Zeroizing;

pub use self::imported::{Imported, NotImportable};
use self::queue::Queue;
use self::stored::{OwnHash, Stored};
use super::secrets::{Secrets, Version};
use crate::domain::Password;
use crate::error::Error;

/// Hashes and verifies. Clones share the threads.
#[derive(Clone)]
pub struct Hashing {
    queue: Queue,
    secrets: Secrets,
    cost: u32,
}

/// What a tried password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and stored in a way that is not today's.
    RightButOld,
}

impl Hashing {
    /// Starts the threads. They end with the last clone.
    pub fn start(secrets: Secrets, clock: Clock, cost: u32, threads: usize) -> Self {
        Self { queue: Queue::start(clock, threads), secrets, cost }
    }

    /// Makes the stored form of a password.
    ///
    /// # Errors
    /// `Busy` when there is too much to do.
    pub async fn hash(&self, password: &Password) -> Result<String, Error> {
        let (pepper_version, pepper) = self.secrets.newest_pepper();
        let (peppered, cost) = (peppered(password, &pepper), self.cost);
        let hashed = self.queue.run(move || bcrypt::hash(&*peppered, cost)).await?;
        let bcrypt = hashed.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(OwnHash { pepper_version, bcrypt }.to_string())
    }

    /// Says whether a password is the stored one. Where there is none it takes as long and is wrong.
    ///
    /// # Errors
    /// `Busy` when there is too much to do; `KeyNotHere` where the password was stored with a pepper that this copy does
    /// not hold yet.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<Verdict, Error> {
        match stored.and_then(Stored::parse) {
            Some(Stored::Own(hash)) => self.verify_own(password, hash).await,
            Some(Stored::Imported(hash)) => self.verify_imported(password, hash).await,
            None => self.verify_nothing(password).await,
        }
    }

    async fn verify_own(&self, password: &Password, hash: OwnHash) -> Result<Verdict, Error> {
        let pepper = match self.secrets.find_pepper(hash.pepper_version).await? {
            Version::Held(pepper) => pepper,
            Version::Missing => return Err(Error::KeyNotHere),
            Version::Unknown => return self.verify_nothing(password).await,
        };
        let peppered = peppered(password, &pepper);
        let (cost, pepper_version) = (hash.cost(), hash.pepper_version);
        let is_right = self.queue.run(move || is_of(&peppered, &hash.bcrypt)).await?;
        let is_of_today = cost == Some(self.cost) && pepper_version == self.secrets.newest_pepper().0;
        Ok(match (is_right, is_of_today) {
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOld,
            (false, _) => Verdict::Wrong,
        })
    }

    async fn verify_imported(&self, password: &Password, hash: Imported) -> Result<Verdict, Error> {
        let password = Zeroizing::new(password.expose().to_owned());
        let is_right = self.queue.run(move || hash.is_of(&password)).await?;
        Ok(if is_right { Verdict::RightButOld } else { Verdict::Wrong })
    }

    /// Hashes though there is nothing to compare with, so that both answers take equally long.
    async fn verify_nothing(&self, password: &Password) -> Result<Verdict, Error> {
        let (_, pepper) = self.secrets.newest_pepper();
        let (peppered, hash) = (peppered(password, &pepper), stored::hash_of_nothing(self.cost));
        self.queue.run(move || is_of(&peppered, &hash)).await?;
        Ok(Verdict::Wrong)
    }
}

/// base64(HMAC-SHA-384(pepper, password)): 64 printable bytes.
fn peppered(password: &Password, pepper: &Secret) -> Zeroizing<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA384, pepper.expose());
    Zeroizing::new(STANDARD.encode(hmac::sign(&key, password.expose().as_bytes())))
}

fn is_of(password: &str, hash: &str) -> bool {
    // A stored form that somebody spoiled is nobody's password, and no reason to fail.
    let verified = bcrypt::verify(password, hash).inspect_err(|error| {
        log::error!(error:% = error; "a stored password is no hash of bcrypt");
    });
    verified.unwrap_or(false)
}
