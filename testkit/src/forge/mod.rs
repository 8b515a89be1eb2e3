//! Tokens that a real issuer never makes, correctly signed unless a test wants otherwise.
//!
//! ```text
//! let forge = stack.forge().await;
//! forge.token();                                             // a good one
//! forge.with_claims(forge.claims().with("exp", json!("soon")));  // signed, and no good
//! forge.with_header(forge.header().without("kid"));
//! forge.sign("{\"alg\":\"none\"}", forge.claims());
//! forge.sign(forge.header(), forge.claims()).signed_with(vec![0; 64]);
//! ```

mod key;
mod members;
mod numbers;
mod seal;
mod stolen;
mod token;

use std::time::Duration;

use common::clock::Clock;
use common::token::TYP;
use serde_json::json;
use uuid::Uuid;

pub use self::key::{Hmac, Key};
pub use self::members::Members;
pub use self::numbers::{Number, P256_ORDER};
pub use self::seal::sealed;
pub(crate) use self::stolen::stolen;
pub use self::token::{Part, Token, decoded, encoded, sha256};

/// Makes tokens with one key, in the name of one issuer.
pub struct Forge {
    pub key: Key,
    pub issuer: String,
    clock: Clock,
}

/// How long the tokens of a forge live.
pub const LIFE: Duration = Duration::from_secs(15 * 60);

impl Forge {
    pub fn new(issuer: impl Into<String>, key: Key, clock: Clock) -> Self {
        Self { key, issuer: issuer.into(), clock }
    }

    /// The same in all but the key: the forge of somebody who has not got the right one.
    pub fn with_key(&self, key: Key) -> Self {
        Self { key, issuer: self.issuer.clone(), clock: self.clock.clone() }
    }

    /// What the services' clocks show, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }

    /// The header of a good token.
    pub fn header(&self) -> Members {
        Members::default()
            .with("alg", json!(self.key.alg()))
            .with("kid", json!(self.key.kid()))
            .with("typ", json!(TYP))
    }

    /// The claims of a good token of a person whom nobody knows; the token has just been made.
    pub fn claims(&self) -> Members {
        let now = self.now();
        self.service_claims()
            .with("sub", json!(Uuid::now_v7()))
            .with("client_id", json!("jipbap"))
            .with("sid", json!(Uuid::now_v7()))
            .with("roles", json!([]))
            .with("auth_time", json!(now))
            .with("amr", json!(["pwd"]))
    }

    /// The claims of a good token of a service.
    pub fn service_claims(&self) -> Members {
        let now = self.now();
        Members::default()
            .with("iss", json!(self.issuer))
            .with("sub", json!("client:a-service"))
            .with("aud", json!(["auth", "recipes"]))
            .with("exp", json!(now + LIFE.as_secs() as i64))
            .with("iat", json!(now))
            .with("jti", json!(Uuid::now_v7()))
            .with("client_id", json!("a-service"))
            .with("uv", json!(0))
            .with("scope", json!("recipes:read recipes:write"))
    }

    /// A good token, another one each time.
    pub fn token(&self) -> Token {
        self.with_claims(self.claims())
    }

    /// A token with these claims, or whatever else is in the place of claims.
    pub fn with_claims(&self, claims: impl Into<Part>) -> Token {
        self.sign(self.header(), claims)
    }

    /// A token with this header, or whatever else is in the place of a header.
    pub fn with_header(&self, header: impl Into<Part>) -> Token {
        self.sign(header, self.claims())
    }

    /// A token of any two parts.
    pub fn sign(&self, header: impl Into<Part>, payload: impl Into<Part>) -> Token {
        Token::new(header.into(), payload.into()).signed_by(&self.key)
    }
}
