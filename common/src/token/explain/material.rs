use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keys::{Key, KeySet, KeySetError};
use crate::token::compact::Compact;
use crate::token::verifier::check_signature;

/// What a signature is checked with.
pub enum Material {
    Keys(KeySet),
    /// What both sides know, for HS256 (RFC 7518 §3.2).
    Secret(Zeroizing<Vec<u8>>),
}

/// Why a text is no public key.
#[derive(Debug, Error)]
pub enum MaterialError {
    #[error("neither a JSON Web Key, nor a set of them, nor a public key in PEM")]
    Malformed,
    #[error("a private key: give its public half, and show this one to nobody")]
    Private,
    #[error(transparent)]
    Set(#[from] KeySetError),
}

/// A key that names no algorithm takes the one that fits it.
const ASSUMED: [Algorithm; 3] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256];

impl Material {
    /// Reads a JSON Web Key, a set of them (RFC 7517), or a public key in PEM (RFC 7468 §13).
    ///
    /// # Errors
    /// It is none of these, a private key, or of a kind that verifiers here do not accept.
    pub fn public(text: &str) -> Result<Self, MaterialError> {
        if text.contains("PRIVATE KEY-----") {
            return Err(MaterialError::Private);
        }
        if text.trim_start().starts_with("-----BEGIN") {
            return pem(text.as_bytes()).ok_or(MaterialError::Malformed);
        }
        let json: Value = serde_json::from_str(text).map_err(|_| MaterialError::Malformed)?;
        if json.get("d").is_some() || json.get("k").is_some() {
            return Err(MaterialError::Private);
        }
        let set = if json.get("keys").is_some() { json } else { serde_json::json!({ "keys": [json] }) };
        Ok(Self::Keys(KeySet::parse_assuming(set.to_string().as_bytes(), &ASSUMED)?))
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Self::Keys(keys) => keys.len(),
            Self::Secret(_) => 1,
        }
    }

    /// The algorithm of the key of this name; `None` where there is no such key.
    pub(super) fn algorithm(&self, kid: Option<&str>) -> Option<&'static str> {
        match self {
            Self::Keys(keys) => Some(chosen(keys, kid)?.alg_name()),
            Self::Secret(_) => Some("HS256"),
        }
    }

    pub(super) fn described(&self, kid: Option<&str>) -> String {
        match self {
            Self::Keys(keys) if kid.is_some_and(|kid| keys.contains(kid)) => {
                format!("the one of this kid, of {}", keys.len())
            }
            Self::Keys(_) => "the one that was given, which has no name".to_owned(),
            Self::Secret(secret) => {
                let bits = secret.len() * 8;
                format!(
                    "the secret that was given, {bits} bits; verifiers here take one only from a legacy issuer"
                )
            }
        }
    }

    pub(super) fn is_signed(&self, compact: &Compact<'_>, kid: Option<&str>) -> bool {
        match self {
            // Held against the key's own algorithm: that the header names another is a check of its own.
            Self::Keys(keys) => {
                chosen(keys, kid).is_some_and(|key| check_signature(compact, key.alg_name(), key).is_ok())
            }
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                let signature = URL_SAFE_NO_PAD.decode(compact.signature).unwrap_or_default();
                hmac::verify(&key, compact.message.as_bytes(), &signature).is_ok()
            }
        }
    }
}

impl std::fmt::Debug for Material {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Material")
    }
}

/// The key of this name; a single key that has no name is any.
fn chosen<'a>(keys: &'a KeySet, kid: Option<&str>) -> Option<&'a Key> {
    keys.get(kid.unwrap_or_default()).or_else(|| keys.get("").filter(|_| keys.len() == 1))
}

fn pem(text: &[u8]) -> Option<Material> {
    let key = |alg| move |decoding| Key::new(alg, decoding);
    let found = DecodingKey::from_ec_pem(text).map(key(Algorithm::ES256));
    let found = found.or_else(|_| DecodingKey::from_ed_pem(text).map(key(Algorithm::EdDSA)));
    let found = found.or_else(|_| DecodingKey::from_rsa_pem(text).map(key(Algorithm::RS256)));
    Some(Material::Keys(KeySet::of_one(found.ok()?)))
}
