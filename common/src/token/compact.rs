use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{MAX_TOKEN_BYTES, Refusal};

/// The three parts of a compact JWS (RFC 7515 §7.1), not yet believed.
pub(super) struct Compact<'a> {
    pub header: &'a str,
    pub payload: &'a str,
    pub signature: &'a str,
    /// What was signed: header and payload with the dot between.
    pub message: &'a str,
}

impl<'a> Compact<'a> {
    /// Splits a token, after its length and its characters were looked at and before anything is decoded.
    pub fn split(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::Invalid("longer than 4096 bytes"));
        }
        if !token.bytes().fold(true, |so_far, byte| so_far & may_be_in_token(byte)) {
            return Err(Refusal::Invalid("a character outside of base64url"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Invalid("not three parts"))?;
        let (header, payload) = message.split_once('.').ok_or(Refusal::Invalid("not three parts"))?;
        if payload.contains('.') || header.is_empty() || signature.is_empty() {
            return Err(Refusal::Invalid("not three parts"));
        }
        Ok(Self { header, payload, signature, message })
    }
}

/// Without branches, and asked of every byte whatever came before: many are looked at at once.
fn may_be_in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'_') | (byte == b'.')
}

/// Decodes a part: no padding, no stray bits after the last byte (RFC 8725bis §3.14).
pub(super) fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Invalid("not base64url"))
}
