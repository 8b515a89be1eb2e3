//! The layers of the verifier one by one, for tests that throw anything at them.

use super::Refusal;
use super::claims::Claims;
use super::compact::{Compact, decode};
use super::header::Header;

/// Reads a header, and answers its algorithm and the name of its key.
///
/// # Errors
/// What a verifier says of a token with this header.
pub fn header(json: &[u8]) -> Result<(String, String), Refusal> {
    Header::parse(json).map(|header| (header.alg, header.kid))
}

/// Reads a claim set, without asking whose and of what time it is.
///
/// # Errors
/// What a verifier says of a token with these claims.
pub fn claims(json: &[u8]) -> Result<Claims, Refusal> {
    Claims::parse(json).map(|(claims, _)| claims)
}

/// Takes a token apart into the bytes of header and payload and the text of the signature.
///
/// # Errors
/// What a verifier says of a token of this form.
pub fn parts(token: &str) -> Result<(Vec<u8>, Vec<u8>, &str), Refusal> {
    let compact = Compact::split(token)?;
    Ok((decode(compact.header)?, decode(compact.payload)?, compact.signature))
}
