use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use foldhash::quality::RandomState;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};
use thiserror::Error;
use uuid::Uuid;

use super::fetch::Refetch;
use super::jwk::{Jwk, JwkRefusal};
use crate::token::Refusal;

/// A public key, bound to its one algorithm.
#[derive(Clone)]
pub struct Key {
    pub(crate) alg: Algorithm,
    decoding: DecodingKey,
    /// A point of a curve as it was read once: `jsonwebtoken` reads and checks it anew for each signature.
    point: Option<Arc<ParsedPublicKey>>,
}

impl Key {
    pub(crate) fn new(alg: Algorithm, decoding: DecodingKey) -> Self {
        Self { alg, decoding, point: None }
    }

    /// A key that is a point of a curve.
    pub(crate) fn at(alg: Algorithm, decoding: DecodingKey, point: ParsedPublicKey) -> Self {
        Self { alg, decoding, point: Some(Arc::new(point)) }
    }

    /// Whether it signed this message: by its own algorithm, whatever is said elsewhere.
    #[expect(clippy::disallowed_methods, reason = "this is the verifier's")]
    pub(crate) fn has_signed(&self, message: &[u8], signature: &str) -> bool {
        match &self.point {
            Some(point) => URL_SAFE_NO_PAD
                .decode(signature)
                .is_ok_and(|signature| point.verify_sig(message, &signature).is_ok()),
            None => {
                jsonwebtoken::crypto::verify(signature, message, &self.decoding, self.alg).unwrap_or(false)
            }
        }
    }

    /// The name of its algorithm as a header writes it (RFC 7518 §3.1).
    pub fn alg_name(&self) -> &'static str {
        match self.alg {
            Algorithm::ES256 => "ES256",
            Algorithm::EdDSA => "EdDSA",
            Algorithm::RS256 => "RS256",
            _ => unreachable!("BUG: jwk.rs accepts three algorithms"),
        }
    }
}

/// The keys of one answer of the issuer, by `kid`.
#[derive(Clone, Default)]
pub struct KeySet {
    keys: HashMap<String, Key, RandomState>,
    /// The life of signing keys that it belongs to, where the issuer says so.
    pub epoch: Option<Uuid>,
}

/// Why a whole set was not accepted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeySetError {
    #[error("not a JSON Web Key Set")]
    Malformed,
    #[error("two keys of one kid")]
    DuplicateKid,
    #[error("no key in it that can be used")]
    Empty,
}

impl KeySet {
    /// Reads a JSON Web Key Set (RFC 7517 §5). A key that is not accepted is left out and said in the log; the others go
    /// on working.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        Self::parse_assuming(json, &[])
    }

    pub(crate) fn parse_assuming(json: &[u8], assumed: &[Algorithm]) -> Result<Self, KeySetError> {
        let document: Map<String, Value> =
            serde_json::from_slice(json).map_err(|_| KeySetError::Malformed)?;
        let Some(Value::Array(members)) = document.get("keys") else { return Err(KeySetError::Malformed) };
        let epoch = document.get("epoch").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let mut keys = HashMap::default();
        for member in members {
            let Some(member) = member.as_object() else { return Err(KeySetError::Malformed) };
            match Jwk(member).accept(assumed) {
                Ok((kid, key)) => {
                    if keys.insert(kid, key).is_some() {
                        return Err(KeySetError::DuplicateKid);
                    }
                }
                Err(JwkRefusal::UnknownType) => {}
                Err(refusal) => log::warn!(reason:% = refusal; "a key of the issuer was left out"),
            }
        }
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(Self { keys, epoch }) }
    }

    /// A key that has no name, alone.
    pub(crate) fn of_one(key: Key) -> Self {
        Self { keys: HashMap::from_iter([(String::new(), key)]), epoch: None }
    }

    pub fn get(&self, kid: &str) -> Option<&Key> {
        self.keys.get(kid)
    }

    pub fn contains(&self, kid: &str) -> bool {
        self.keys.contains_key(kid)
    }

    /// The key of a set that has no other.
    #[cfg(feature = "testing")]
    pub(crate) fn only(&self) -> Option<&Key> {
        self.keys.values().next().filter(|_| self.keys.len() == 1)
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// The issuer's keys as they are now. Clones share them; reading takes no lock.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

pub(super) struct Shared {
    set: ArcSwap<KeySet>,
    /// When the set was last had from the issuer, in µs of boot time; 0 before the first time.
    loaded_at: AtomicU64,
    refetch: Option<Refetch>,
}

/// For how long the last good set is used while the issuer cannot be reached.
const MAX_AGE: Duration = Duration::from_secs(24 * 3600);

const ALWAYS: u64 = u64::MAX;

impl Keys {
    /// Keys that the holder itself replaces: the issuer's own.
    pub fn held(set: KeySet) -> Self {
        Self(Arc::new(Shared { set: ArcSwap::from_pointee(set), loaded_at: ALWAYS.into(), refetch: None }))
    }

    pub(super) fn fetched(refetch: Refetch) -> Self {
        Self(Arc::new(Shared { set: ArcSwap::default(), loaded_at: 0.into(), refetch: Some(refetch) }))
    }

    /// The keys as they are now.
    pub fn current(&self) -> Guard<Arc<KeySet>> {
        self.0.set.load()
    }

    /// Replaces them.
    pub fn replace(&self, set: KeySet) {
        self.0.set.store(Arc::new(set));
    }

    pub(super) fn loaded(&self, set: KeySet, boot: Duration) {
        self.replace(set);
        self.0.loaded_at.store(boot.as_micros() as u64, Ordering::Release);
    }

    pub(super) fn empty(&self) {
        self.replace(KeySet::default());
        self.0.loaded_at.store(0, Ordering::Release);
    }

    /// True once there are keys.
    pub fn is_loaded(&self) -> bool {
        self.0.loaded_at.load(Ordering::Acquire) != 0
    }

    /// For how long nothing was had from the issuer; none before the first time, and for keys that are held.
    pub fn age(&self, boot: Duration) -> Option<Duration> {
        match self.0.loaded_at.load(Ordering::Acquire) {
            0 | ALWAYS => None,
            at => Some(boot.saturating_sub(Duration::from_micros(at))),
        }
    }

    pub(crate) fn check_age(&self, boot: Duration) -> Result<(), Refusal> {
        match self.0.loaded_at.load(Ordering::Acquire) {
            ALWAYS => Ok(()),
            0 => Err(Refusal::KeysUnavailable),
            at if boot.saturating_sub(Duration::from_micros(at)) > MAX_AGE => {
                // A machine that slept for a day wakes up between two polls, whose pause leaves sleep out.
                if let Some(refetch) = &self.0.refetch {
                    refetch.ask();
                }
                Err(Refusal::KeysUnavailable)
            }
            _ => Ok(()),
        }
    }

    /// Asks the issuer for its newest keys because one is unknown: at most one request in 10 s, whoever asks.
    ///
    /// # Errors
    /// `KeysUnavailable` when the last request failed.
    pub(crate) async fn refetch(&self) -> Result<(), Refusal> {
        match &self.0.refetch {
            Some(refetch) => refetch.unknown_kid().await,
            None => Ok(()),
        }
    }
}
