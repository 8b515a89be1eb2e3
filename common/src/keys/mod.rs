//! The issuer's public keys: which are accepted, and how they are kept current.

mod fetch;
mod jwk;
mod set;

pub use fetch::{FetchedKeys, JwksSource, KeysChanged};
pub use jwk::{Jwk, JwkRefusal};
pub use set::{Key, KeySet, KeySetError, Keys};
