//! The use cases: each a method that reads like the sentence one would say to explain it.

pub mod accounts;
pub mod actor;
pub mod addresses;
pub mod admin;
pub mod background;
pub mod clients;
pub mod feed;
mod handover;
mod hashing;
pub mod import;
pub mod keys;
pub mod lane;
pub mod leaving;
pub mod limits;
pub mod mail;
pub mod oauth;
pub mod passwords;
mod purge;
pub mod recovery;
pub mod restored;
mod rotation;
pub mod secrets;
pub mod sessions;
pub mod signer;
mod start;
mod store;

use std::sync::Arc;

use common::clock::Clock;
use common::db::{Batched, Db};
use common::revocations::Revocations;
use common::token::seal::SealKeys;

use self::actor::Actor;
use self::feed::Feed;
use self::hashing::Hashing;
use self::keys::Keyring;
use self::limits::Limits;
use self::mail::Post;
use self::secrets::Secrets;
use self::signer::Signer;
pub use self::start::StartError;
use self::store::sessions::{Session, Step};
use crate::config::Settings;

/// Everything that the handlers may ask for. Clones share it.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    clock: Clock,
    settings: Arc<Settings>,
    secrets: Secrets,
    keys: Keyring,
    signer: Signer,
    feed: Feed,
    hashing: Hashing,
    limits: Limits,
    /// Sessions that go on: what most requests want.
    rotations: Batched<Step, Option<Session>>,
    post: Post,
    /// Keeps the database's time for the verifier of this service.
    time: Revocations,
    /// What sealed tokens are opened with, where they are.
    seals: Option<SealKeys>,
    /// Who does what only operators may.
    acting: Actor,
}
