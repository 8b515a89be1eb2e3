//! The use cases: each a method that reads like the sentence one would say to explain it.

pub mod feed;
pub mod secrets;
pub mod signer;
mod store;

use std::sync::Arc;

use common::clock::Clock;
use common::db::Db;

use self::feed::Feed;
use self::secrets::Secrets;
use self::signer::Signer;
use crate::config::Settings;

/// Everything that the handlers may ask for. Clones share it.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    clock: Clock,
    settings: Arc<Settings>,
    secrets: Secrets,
    signer: Signer,
    feed: Feed,
}
