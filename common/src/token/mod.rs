//! Access tokens (RFC 9068 profile of JWS, RFC 7515): reading them strictly.

mod cache;
mod claims;
mod compact;
mod csrf;
pub mod explain;
mod header;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod layers;
mod legacy;
mod members;
mod refusal;
pub mod seal;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod vectors;
mod verifier;

pub use claims::{Claims, Person};
pub use csrf::csrf_claim;
pub use legacy::{LegacyPerson, LegacySecret, LegacySettings, LegacyToken, LegacyVerifier, WeakSecret};
pub use refusal::Refusal;
pub use verifier::{Audience, Verified, Verifier, VerifierBuilder};

/// The longest token that is looked at, in bytes: longer ones are refused before base64.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// The longest life of an access token, in seconds, whatever is configured.
pub const MAX_LIFETIME_SECS: i64 = 3600;

/// `typ` of an access token (RFC 9068 §2.1).
pub const TYP: &str = "at+jwt";
