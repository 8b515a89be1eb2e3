//! An issuer in process: one key, tokens like those of auth-service, and nothing that it ever revoked.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::clock::Clock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::token::{Claims, Person, TYP};
use serde_json::json;
use uuid::Uuid;

pub const NAME: &str = "http://localhost:8081";

/// As long as a thumbprint (RFC 7638).
const KID: &str = "bench-bench-bench-bench-bench-bench-bench-b";

const LIFE_SECS: i64 = 3600;

pub struct Issuer(EcdsaKeyPair);

/// A copy of what it revoked, which is nothing. Whoever relies on it lets it [`hear`] that this is so, time and again.
pub fn nothing_revoked() -> Revocations {
    Revocations::following(Duration::from_secs(5), Duration::from_secs(30))
}

/// Lets a copy hear from its issuer, as one that follows a quiet feed does every second.
pub fn hear(copy: &Revocations, clock: &Clock) {
    let boot = clock.boot();
    copy.set_time(clock.now().as_micros(), boot, boot);
    copy.complete(boot);
}

impl Issuer {
    /// Makes a key.
    pub fn generate() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self(pair.expect("BUG: the system has no random numbers"))
    }

    /// Its public key, as a verifier holds it.
    pub fn keys(&self) -> Keys {
        // An uncompressed point: a byte that says so, then its coordinates (SEC 1 §2.3.3).
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let key =
            json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KID, "x": x, "y": y });
        let set = json!({ "keys": [key] }).to_string();
        Keys::held(KeySet::parse(set.as_bytes()).expect("BUG: our own key is not accepted"))
    }

    /// Its public key, as the library of cryptography holds it that a verifier uses.
    pub fn public_key(&self) -> ParsedPublicKey {
        let point = self.0.public_key();
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).expect("BUG: our own key is not accepted")
    }

    /// A person's token, as auth-service makes them.
    pub fn token(&self, audience: &str, clock: &Clock) -> String {
        let header = json!({ "typ": TYP, "alg": "ES256", "kid": KID }).to_string();
        let claims = serde_json::to_string(&claims(audience, clock.now().as_secs()))
            .expect("BUG: claims are not JSON");
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes());
        let signature = signature.expect("BUG: the system has no random numbers");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn claims(audience: &str, now: i64) -> Claims {
    Claims {
        iss: NAME.to_owned(),
        sub: Uuid::now_v7().to_string(),
        aud: vec!["auth".to_owned(), audience.to_owned()],
        exp: now + LIFE_SECS,
        iat: now,
        jti: Uuid::now_v7().to_string(),
        client_id: "jipbap".to_owned(),
        uv: 0,
        scope: "recipes:read recipes:write".to_owned(),
        person: Some(Person {
            sid: Uuid::now_v7().to_string(),
            roles: Vec::new(),
            auth_time: now,
            amr: vec!["pwd".to_owned()],
            csrf: None,
            ext: None,
        }),
    }
}
