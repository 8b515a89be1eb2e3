use std::collections::BTreeMap;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::config::SigningAlg;

/// A private key, opened, with its public half.
pub enum KeyPair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(Box<RsaKeyPair>),
}

/// A private key as PKCS#8 (RFC 5208).
pub type Pkcs8 = Zeroizing<Vec<u8>>;

/// A public key as JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
#[derive(Serialize)]
pub(super) struct Jwk<'a> {
    #[serde(flatten)]
    material: BTreeMap<&'static str, String>,
    r#use: &'static str,
    alg: &'static str,
    kid: &'a str,
}

impl KeyPair {
    /// Makes a new key. `None` where the system gives no random numbers.
    pub fn generate(alg: SigningAlg) -> Option<(Self, Pkcs8)> {
        let private = match alg {
            SigningAlg::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
                pair.to_pkcs8v1().ok()?.as_ref().to_vec()
            }
            SigningAlg::EdDsa => Ed25519KeyPair::generate().ok()?.to_pkcs8v1().ok()?.as_ref().to_vec(),
            SigningAlg::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa3072).ok()?;
                AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).ok()?.as_ref().to_vec()
            }
        };
        let private = Zeroizing::new(private);
        Some((Self::from_pkcs8(alg, &private)?, private))
    }

    /// Opens a private key. `None` for what is no key of this algorithm.
    pub fn from_pkcs8(alg: SigningAlg, private: &[u8]) -> Option<Self> {
        match alg {
            SigningAlg::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private).ok().map(Self::Es256)
            }
            SigningAlg::EdDsa => Ed25519KeyPair::from_pkcs8(private).ok().map(Self::EdDsa),
            SigningAlg::Rs256 => RsaKeyPair::from_pkcs8(private).ok().map(Box::new).map(Self::Rs256),
        }
    }

    pub fn alg(&self) -> SigningAlg {
        match self {
            Self::Es256(_) => SigningAlg::Es256,
            Self::EdDsa(_) => SigningAlg::EdDsa,
            Self::Rs256(_) => SigningAlg::Rs256,
        }
    }

    /// Signs as RFC 7518 §3 and RFC 8037 §3.1 ask. `None` where the system gives no random numbers.
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => {
                pair.sign(&random, message).ok().map(|signature| signature.as_ref().to_vec())
            }
            Self::EdDsa(pair) => pair.try_sign(message).ok().map(|signature| signature.as_ref().to_vec()),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }

    /// SHA-256 of the public key's required members (RFC 7638 §3): what it is known by.
    pub fn thumbprint(&self) -> String {
        // The map has its members in the order that the RFC asks for, and none of their values needs an escape.
        let canonical = serde_json::to_vec(&self.material()).expect("BUG: a key is not JSON");
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &canonical))
    }

    /// The public half as JSON (RFC 7517).
    pub fn public_jwk(&self, kid: &str) -> serde_json::Value {
        serde_json::to_value(self.jwk(kid)).expect("BUG: a key is not JSON")
    }

    pub(super) fn jwk<'a>(&self, kid: &'a str) -> Jwk<'a> {
        Jwk { material: self.material(), r#use: "sig", alg: self.alg().name(), kid }
    }

    /// The members that make the public key, and no others.
    fn material(&self) -> BTreeMap<&'static str, String> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(pair) => {
                // An uncompressed point: a byte that says so, then its coordinates (SEC 1 §2.3.3).
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                let curve = ("crv", "P-256".to_owned());
                BTreeMap::from([("kty", "EC".to_owned()), curve, ("x", text(x)), ("y", text(y))])
            }
            Self::EdDsa(pair) => {
                let (curve, x) = (("crv", "Ed25519".to_owned()), text(pair.public_key().as_ref()));
                BTreeMap::from([("kty", "OKP".to_owned()), curve, ("x", x)])
            }
            Self::Rs256(pair) => {
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                BTreeMap::from([("kty", "RSA".to_owned()), ("n", text(n)), ("e", text(e))])
            }
        }
    }
}
