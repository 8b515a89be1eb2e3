//! The only place that makes a token.

use std::sync::Arc;

use arc_swap::ArcSwap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::token::seal::SealKeys;
use common::token::{Claims, TYP};
use thiserror::Error;

use super::keys::KeyPair;
use crate::config::SigningAlg;

/// Why a token was not made.
#[derive(Debug, Error)]
pub enum SignError {
    #[error("the token would have {0} bytes, more than {MAX_BYTES}")]
    TooLong(usize),
    #[error("the key could not sign")]
    Key,
}

/// The longest token that is given out, in bytes: it goes into a header of every request.
const MAX_BYTES: usize = 2048;

/// Signs with the present key. Clones share it.
#[derive(Clone)]
pub struct Signer {
    key: Arc<ArcSwap<SigningKey>>,
    /// What tokens are sealed with once they are signed, where they are sealed.
    seals: Option<SealKeys>,
}

/// A key, and the header of the tokens that it signs.
pub struct SigningKey {
    pair: KeyPair,
    /// In base64url: the same for all tokens of a key.
    header: String,
}

impl SigningKey {
    pub fn new(kid: String, pair: KeyPair) -> Self {
        let header = serde_json::json!({ "typ": TYP, "alg": pair.alg().name(), "kid": kid }).to_string();
        Self { pair, header: URL_SAFE_NO_PAD.encode(header) }
    }

    pub fn alg(&self) -> SigningAlg {
        self.pair.alg()
    }
}

impl Signer {
    pub fn new(key: SigningKey) -> Self {
        Self { key: Arc::new(ArcSwap::from_pointee(key)), seals: None }
    }

    /// Signs with another key from now on.
    pub fn replace(&self, key: SigningKey) {
        self.key.store(Arc::new(key));
    }

    /// The same, sealing what it signs, where there are keys to seal with.
    pub fn sealing(self, seals: Option<SealKeys>) -> Self {
        Self { seals, ..self }
    }

    /// Makes a token of these claims: a compact JWS (RFC 7515 §7.1) of the profile of RFC 9068, sealed where that is asked
    /// for. It is signed first: what is believed is the signature, whoever can read it (RFC 7519 §11.2).
    ///
    /// The key is parsed once, not for every token as `jsonwebtoken::encode` would.
    pub fn sign(&self, claims: &Claims) -> Result<String, SignError> {
        let key = self.key.load();
        let payload = serde_json::to_vec(claims).expect("BUG: claims are not JSON");
        let signed = compact(&key.header, payload, |message| key.pair.sign(message)).ok_or(SignError::Key)?;
        let token = match &self.seals {
            Some(seals) => seals.seal(&signed),
            None => signed,
        };
        if token.len() > MAX_BYTES { Err(SignError::TooLong(token.len())) } else { Ok(token) }
    }
}

/// Makes a token of any header and payload, for who learns how they are made: never with a key of this service, which
/// only [`Signer`] has.
pub fn by_hand(
    header: &serde_json::Value,
    payload: &serde_json::Value,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<String> {
    compact(&URL_SAFE_NO_PAD.encode(header.to_string()), payload.to_string().into_bytes(), sign)
}

/// Puts the parts of a compact JWS together. `None` where it could not be signed.
fn compact(header: &str, payload: Vec<u8>, sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> Option<String> {
    let mut token = String::with_capacity(1024);
    token.push_str(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Some(token)
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}
