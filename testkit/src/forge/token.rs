use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Key, Members};

/// What stands in the place of a header or of claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// To be encoded.
    Bytes(Vec<u8>),
    /// Encoded already, in whatever way.
    Encoded(String),
}

impl Part {
    pub(super) fn text(self) -> String {
        match self {
            Self::Bytes(bytes) => encoded(bytes),
            Self::Encoded(text) => text,
        }
    }
}

impl From<Members> for Part {
    fn from(members: Members) -> Self {
        Self::Bytes(members.to_string().into_bytes())
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Bytes(text.into())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Bytes(text.into())
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A compact JWS (RFC 7515 §7.1), good or not; `to_string` is the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is sent, in base64url.
    pub header: String,
    /// As it is sent, in base64url.
    pub payload: String,
    /// As it is sent, in base64url.
    pub signature: String,
}

impl Token {
    /// One without a signature.
    pub fn new(header: Part, payload: Part) -> Self {
        Self { header: header.text(), payload: payload.text(), signature: String::new() }
    }

    /// Takes a token apart. Panics where it has not three parts.
    pub fn parse(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else { panic!("not three parts: {token}") };
        Self { header: header.into(), payload: payload.into(), signature: signature.into() }
    }

    /// Header and payload, with the dot between: what is signed.
    pub fn message(&self) -> String {
        format!("{}.{}", self.header, self.payload)
    }

    /// The same, signed by this key in its own way.
    pub fn signed_by(self, key: &Key) -> Self {
        let signature = key.sign(self.message().as_bytes());
        self.signed_with(signature)
    }

    /// The same, with these bytes for a signature.
    pub fn signed_with(self, signature: impl AsRef<[u8]>) -> Self {
        Self { signature: encoded(signature), ..self }
    }

    /// The bytes of the signature.
    pub fn signature_bytes(&self) -> Vec<u8> {
        decoded(&self.signature)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.header, self.payload, self.signature)
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.to_string()
    }
}

/// base64url without padding.
pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding. Panics where it is none.
pub fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|_| panic!("not base64url: {text}"))
}

pub fn sha256(text: impl AsRef<[u8]>) -> Vec<u8> {
    digest(&SHA256, text.as_ref()).as_ref().to_vec()
}
