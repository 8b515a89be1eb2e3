//! Cursors that a caller can keep but neither read nor make.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codes;
use super::problem::Problem;

/// Seals positions in a list with AES-256-GCM, bound to route, filters and subject.
pub struct CursorSealer(RandomizedNonceKey);

/// No cursor of ours is longer; longer ones are not worth decoding.
const LONGEST: usize = 2048;

impl CursorSealer {
    /// A sealer whose key is derived from a secret that all copies of the service share.
    pub fn new(secret: &[u8]) -> Self {
        let key = aws_lc_rs::hmac::sign(
            &aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret),
            b"jipbap cursor 1",
        );
        Self(RandomizedNonceKey::new(&AES_256_GCM, key.as_ref()).expect("BUG: the key is not 32 bytes long"))
    }

    /// Seals `position`. `bound_to` is route, filters and subject: whatever must be the same when it comes back.
    pub fn seal(&self, position: &impl Serialize, bound_to: &[&str]) -> String {
        let mut sealed = serde_json::to_vec(position).expect("BUG: a position is not JSON");
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(join(bound_to)), &mut sealed)
            .expect("BUG: a position is too long to seal");
        sealed.splice(0..0, nonce.as_ref().iter().copied());
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens what `seal` made with the same `bound_to`.
    ///
    /// # Errors
    /// 400 `invalid_cursor` for everything else.
    pub fn open<T: DeserializeOwned>(&self, cursor: &str, bound_to: &[&str]) -> Result<T, Problem> {
        self.try_open(cursor, bound_to).ok_or_else(|| Problem::new(&codes::INVALID_CURSOR))
    }

    fn try_open<T: DeserializeOwned>(&self, cursor: &str, bound_to: &[&str]) -> Option<T> {
        if cursor.len() > LONGEST {
            return None;
        }
        let mut sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (nonce, sealed) = sealed.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let position = self.0.open_in_place(nonce, Aad::from(join(bound_to)), sealed).ok()?;
        serde_json::from_slice(position).ok()
    }
}

/// Lengths go before the parts, so that `["a", "bc"]` and `["ab", "c"]` differ.
fn join(parts: &[&str]) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part.as_bytes());
    }
    joined
}
