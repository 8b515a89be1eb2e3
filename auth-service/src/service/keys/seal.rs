//! How private keys are kept: AES-256-GCM under the master key, bound to what they are.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use common::secrets::Secret;
use zeroize::Zeroizing;

/// Seals a private key under a random nonce, which goes before it.
pub(super) fn seal(master: &Secret, private: &[u8], kid: &str, alg: &str) -> Vec<u8> {
    let mut sealed = private.to_vec();
    let nonce = key(master)
        .seal_in_place_append_tag(aad(kid, alg), &mut sealed)
        .expect("BUG: a private key is too long to seal");
    sealed.splice(0..0, nonce.as_ref().iter().copied());
    sealed
}

/// Opens what [`seal`] made with the same master key, `kid` and `alg`.
pub(super) fn open(master: &Secret, sealed: Vec<u8>, kid: &str, alg: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut sealed = Zeroizing::new(sealed);
    let (nonce, sealed) = sealed.split_at_mut_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let private = key(master).open_in_place(nonce, aad(kid, alg), sealed).ok()?;
    Some(Zeroizing::new(private.to_vec()))
}

fn key(master: &Secret) -> RandomizedNonceKey {
    let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, master.expose()), b"jipbap signing keys 1");
    RandomizedNonceKey::new(&AES_256_GCM, key.as_ref()).expect("BUG: the key is not 32 bytes long")
}

/// A `kid` is always 43 characters long, so no two pairs are written alike.
fn aad(kid: &str, alg: &str) -> Aad<Vec<u8>> {
    Aad::from([kid.as_bytes(), alg.as_bytes()].concat())
}
