use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::numbers::Number;
use super::{Members, encoded, sha256};

/// A key, and the `kid` that it goes by.
pub struct Key {
    pair: Pair,
    kid: String,
}

enum Pair {
    Es256 { pkcs8: Vec<u8>, pair: EcdsaKeyPair },
    EdDsa(Ed25519KeyPair),
    Rs256 { pkcs8: Vec<u8>, pair: Box<RsaKeyPair> },
    Hmac(Hmac, Vec<u8>),
}

/// The algorithms of shared secrets (RFC 7518 §3.2), which no service of ours takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hmac {
    Hs256,
    Hs384,
    Hs512,
}

impl Key {
    pub fn es256() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("no key");
        Self::from_pkcs8("ES256", pair.to_pkcs8v1().expect("no PKCS#8").as_ref())
    }

    pub fn ed_dsa() -> Self {
        Self::named_by_thumbprint(Pair::EdDsa(Ed25519KeyPair::generate().expect("no key")))
    }

    pub fn rs256() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa3072).expect("no key");
        Self::from_pkcs8("RS256", AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("no PKCS#8").as_ref())
    }

    /// A shared secret, which goes by any name that it is given.
    pub fn hmac(alg: Hmac, secret: impl AsRef<[u8]>) -> Self {
        Self { pair: Pair::Hmac(alg, secret.as_ref().to_vec()), kid: String::new() }
    }

    /// A private key of this algorithm, from PKCS#8.
    pub fn from_pkcs8(alg: &str, pkcs8: &[u8]) -> Self {
        const REFUSED: &str = "not a private key of this algorithm";
        Self::named_by_thumbprint(match alg {
            "ES256" => Pair::Es256 {
                pair: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).expect(REFUSED),
                pkcs8: pkcs8.to_vec(),
            },
            "EdDSA" => Pair::EdDsa(Ed25519KeyPair::from_pkcs8(pkcs8).expect(REFUSED)),
            "RS256" => Pair::Rs256 {
                pair: Box::new(RsaKeyPair::from_pkcs8(pkcs8).expect(REFUSED)),
                pkcs8: pkcs8.to_vec(),
            },
            _ => panic!("{alg} is not an algorithm that is signed with here"),
        })
    }

    fn named_by_thumbprint(pair: Pair) -> Self {
        // The map has its members in the order of RFC 7638 §3.
        let kid = encoded(sha256(material(&pair).to_string()));
        Self { pair, kid }
    }

    /// The same key under another name.
    pub fn named(self, kid: impl Into<String>) -> Self {
        Self { kid: kid.into(), ..self }
    }

    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Es256 { .. } => "ES256",
            Pair::EdDsa(_) => "EdDSA",
            Pair::Rs256 { .. } => "RS256",
            Pair::Hmac(Hmac::Hs256, _) => "HS256",
            Pair::Hmac(Hmac::Hs384, _) => "HS384",
            Pair::Hmac(Hmac::Hs512, _) => "HS512",
        }
    }

    /// Signs as the key's algorithm has it (RFC 7518 §3, RFC 8037 §3.1).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::Es256 { pair, .. } => ecdsa(pair, message),
            Pair::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Rs256 { .. } => self.sign_rsa(&RSA_PKCS1_SHA256, message),
            Pair::Hmac(alg, secret) => hmac::sign(&alg.key(secret), message).as_ref().to_vec(),
        }
    }

    /// Signs by ECDSA with SHA-256, and writes the signature as DER, as other protocols do.
    pub fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let Pair::Es256 { pkcs8, .. } = &self.pair else { panic!("not a key of ECDSA") };
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8)
            .expect("BUG: it was read before");
        ecdsa(&pair, message)
    }

    /// Signs with RSA as PS256, which is another algorithm than the key's own.
    pub fn sign_ps256(&self, message: &[u8]) -> Vec<u8> {
        self.sign_rsa(&RSA_PSS_SHA256, message)
    }

    /// Signs with RSA as RS384, which is another algorithm than the key's own.
    pub fn sign_rs384(&self, message: &[u8]) -> Vec<u8> {
        self.sign_rsa(&RSA_PKCS1_SHA384, message)
    }

    fn sign_rsa(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let Pair::Rs256 { pair, .. } = &self.pair else { panic!("not a key of RSA") };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message, &mut signature).expect("no signature");
        signature
    }

    /// RSA's private operation on a block of the modulus's length, without any padding: the block to the power of `d`.
    pub fn rsa_private(&self, block: &[u8]) -> Vec<u8> {
        let Pair::Rs256 { pkcs8, pair } = &self.pair else { panic!("not a key of RSA") };
        let (n, d) = Number::rsa_modulus_and_exponent(pkcs8);
        Number::of(block).power(&d, &n).bytes(pair.public_modulus_len())
    }

    /// RSA's modulus, big-endian.
    pub fn rsa_modulus(&self) -> Vec<u8> {
        let Pair::Rs256 { pair, .. } = &self.pair else { panic!("not a key of RSA") };
        pair.public_key().modulus().big_endian_without_leading_zero().to_vec()
    }

    /// The public half as a JSON Web Key. A shared secret has none, and is what it is: `kty: oct`.
    pub fn jwk(&self) -> Members {
        let members = Members(material(&self.pair).as_object().expect("BUG: a key is no object").clone());
        members.with("alg", json!(self.alg())).with("kid", json!(self.kid)).with("use", json!("sig"))
    }

    /// A JSON Web Key Set of this key alone.
    pub fn jwks(&self) -> Vec<u8> {
        json!({ "keys": [self.jwk().0] }).to_string().into_bytes()
    }

    /// The public half as DER (SubjectPublicKeyInfo).
    pub fn spki(&self) -> Vec<u8> {
        let der = match &self.pair {
            Pair::Es256 { pair, .. } => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::EdDsa(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::Rs256 { pair, .. } => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::Hmac(..) => panic!("a shared secret has no public half"),
        };
        der.expect("no DER").as_ref().to_vec()
    }

    /// The public half as PEM (RFC 7468), with lines of 64 characters and one at the end.
    pub fn pem(&self) -> String {
        let body = STANDARD.encode(self.spki());
        let lines: Vec<&str> = body
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("BUG: base64 is text"))
            .collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
}

impl Hmac {
    fn key(self, secret: &[u8]) -> hmac::Key {
        let alg = match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
        };
        hmac::Key::new(alg, secret)
    }
}

fn ecdsa(pair: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    pair.sign(&SystemRandom::new(), message).expect("no signature").as_ref().to_vec()
}

/// The members that make the public key, and no others (RFC 7518 §6, RFC 8037 §2).
fn material(pair: &Pair) -> Value {
    match pair {
        Pair::Es256 { pair, .. } => {
            let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
            json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y) })
        }
        Pair::EdDsa(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key()) }),
        Pair::Rs256 { pair, .. } => {
            let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
            let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
            json!({ "kty": "RSA", "n": encoded(n), "e": encoded(e) })
        }
        Pair::Hmac(_, secret) => json!({ "kty": "oct", "k": encoded(secret) }),
    }
}
