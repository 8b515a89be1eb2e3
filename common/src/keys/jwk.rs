use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};
use thiserror::Error;

use super::Key;

/// One JSON Web Key (RFC 7517) as it came.
pub struct Jwk<'a>(pub &'a Map<String, Value>);

/// Why a key was not accepted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwkRefusal {
    /// Of a type that we know nothing of: skipped, as RFC 7517 §5 asks.
    #[error("unknown key type")]
    UnknownType,
    #[error("{0}")]
    Refused(&'static str),
}

use JwkRefusal::Refused;

const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl Jwk<'_> {
    /// Accepts a key whose type, curve, algorithm, use and operations agree, and whose material is sound. A key that names no
    /// algorithm takes one of `assumed`, of which there are none outside of tests; nor may it go without `kid` there.
    pub fn accept(&self, assumed: &[Algorithm]) -> Result<(String, Key), JwkRefusal> {
        if PRIVATE.iter().any(|member| self.0.contains_key(*member)) {
            return Err(Refused("it carries private members"));
        }
        let key = match self.text("kty")? {
            "EC" => self.p256()?,
            "OKP" => self.ed25519()?,
            "RSA" => self.rsa()?,
            "oct" => return Err(Refused("a shared secret is no public key")),
            _ => return Err(JwkRefusal::UnknownType),
        };
        self.check_purpose(&key, assumed)?;
        Ok((self.kid(assumed.is_empty())?, key))
    }

    fn kid(&self, is_required: bool) -> Result<String, JwkRefusal> {
        if !is_required && !self.0.contains_key("kid") {
            return Ok(String::new());
        }
        let kid = self.text("kid")?;
        if kid.is_empty() || kid.len() > 128 {
            return Err(Refused("kid is empty or too long"));
        }
        Ok(kid.to_owned())
    }

    fn check_purpose(&self, key: &Key, assumed: &[Algorithm]) -> Result<(), JwkRefusal> {
        match self.0.get("alg") {
            Some(Value::String(name)) if name == key.alg_name() => {}
            None if assumed.contains(&key.alg) => {}
            _ => return Err(Refused("alg is missing or does not fit the key")),
        }
        if self.0.get("use").is_some_and(|purpose| purpose != "sig") {
            return Err(Refused("use is not sig"));
        }
        match self.0.get("key_ops") {
            None => Ok(()),
            Some(Value::Array(ops)) if ops.len() == 1 && ops[0] == "verify" => Ok(()),
            Some(_) => Err(Refused("key_ops is not verify alone")),
        }
    }

    fn p256(&self) -> Result<Key, JwkRefusal> {
        if self.text("crv")? != "P-256" {
            return Err(Refused("the curve is not P-256"));
        }
        let (x, y) = (self.bytes("x")?, self.bytes("y")?);
        if x.len() != 32 || y.len() != 32 {
            return Err(Refused("a coordinate is not 32 bytes long"));
        }
        let point = [&[4][..], &x, &y].concat();
        let point = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)
            .map_err(|_| Refused("the point is not on the curve"))?;
        let decoding = DecodingKey::from_ec_components(self.text("x")?, self.text("y")?)
            .map_err(|_| Refused("malformed point"))?;
        Ok(Key::at(Algorithm::ES256, decoding, point))
    }

    fn ed25519(&self) -> Result<Key, JwkRefusal> {
        if self.text("crv")? != "Ed25519" {
            return Err(Refused("the curve is not Ed25519"));
        }
        let x: [u8; 32] = self.bytes("x")?.try_into().map_err(|_| Refused("x is not 32 bytes long"))?;
        if is_small_order(&x) {
            return Err(Refused("a point of small order"));
        }
        let point =
            ParsedPublicKey::new(&ED25519, x).map_err(|_| Refused("the point is not on the curve"))?;
        let decoding =
            DecodingKey::from_ed_components(self.text("x")?).map_err(|_| Refused("malformed point"))?;
        Ok(Key::at(Algorithm::EdDSA, decoding, point))
    }

    fn rsa(&self) -> Result<Key, JwkRefusal> {
        let n = self.bytes("n")?;
        if n.first().is_none_or(|first| *first == 0) || n.last().is_none_or(|last| last % 2 == 0) {
            return Err(Refused("the modulus is malformed"));
        }
        let bits = n.len() * 8 - n[0].leading_zeros() as usize;
        if !(2048..=8192).contains(&bits) {
            return Err(Refused("the modulus has fewer than 2048 bits or more than 8192"));
        }
        if has_roca_fingerprint(&n) {
            return Err(Refused(
                "the modulus was made by a library whose keys can be factored (CVE-2017-15361)",
            ));
        }
        if self.text("e")? != "AQAB" {
            return Err(Refused("the exponent is not 65537"));
        }
        let decoding = DecodingKey::from_rsa_components(self.text("n")?, "AQAB")
            .map_err(|_| Refused("malformed key"))?;
        Ok(Key::new(Algorithm::RS256, decoding))
    }

    fn text(&self, member: &'static str) -> Result<&str, JwkRefusal> {
        self.0.get(member).and_then(Value::as_str).ok_or(Refused("a member is missing or no text"))
    }

    fn bytes(&self, member: &'static str) -> Result<Vec<u8>, JwkRefusal> {
        URL_SAFE_NO_PAD.decode(self.text(member)?).map_err(|_| Refused("a member is not base64url"))
    }
}

/// True for moduli of the form that Infineon's RSALib made: modulo each of these primes they are a power of 65537
/// (Nemec et al., The Return of Coppersmith's Attack, 2017, §2.3). Of sound moduli one in 2²⁷ is.
fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.iter().all(|&prime| {
        let rest = modulus.iter().fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime);
        let powers = std::iter::successors(Some(1), |power| Some(power * (65537 % prime) % prime));
        powers.take(prime as usize).any(|power| power == rest)
    })
}

/// True for the encodings of the eight points whose order divides 8, canonical or not: signatures by them prove nothing
/// (RFC 8032 §5.1.7; Chalkias et al., Taming the many EdDSAs, 2020, table 1).
fn is_small_order(point: &[u8; 32]) -> bool {
    const Y: [[u8; 32]; 7] = [
        hex("0000000000000000000000000000000000000000000000000000000000000000"),
        hex("0100000000000000000000000000000000000000000000000000000000000000"),
        hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];
    let mut y = *point;
    y[31] &= 0x7f;
    Y.contains(&y)
}

const fn hex(text: &str) -> [u8; 32] {
    const fn digit(c: u8) -> u8 {
        if c.is_ascii_digit() { c - b'0' } else { c - b'a' + 10 }
    }
    let (text, mut bytes, mut i) = (text.as_bytes(), [0; 32], 0);
    while i < 32 {
        bytes[i] = digit(text[2 * i]) * 16 + digit(text[2 * i + 1]);
        i += 1;
    }
    bytes
}
