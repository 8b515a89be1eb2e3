//! The header, key and signature code of the verifier, without the profile of access tokens around it: for published test
//! vectors, whose tokens are none of ours.

use jsonwebtoken::Algorithm;

use super::Refusal;
use super::compact::{Compact, decode};
use super::header::Raw;
use super::verifier::check_signature;
use crate::keys::{Key, KeySet};

/// Checks the signature of any JWS in compact form against a JSON Web Key Set.
///
/// What only vectors need: `typ` may be anything, a set of one key goes without `kid`, and a key that names no algorithm
/// takes the one of `algs` that fits it. An algorithm that is not in `algs` is refused.
pub fn check_jws(token: &str, jwks: &[u8], algs: &[Algorithm]) -> Result<(), Refusal> {
    let compact = Compact::split(token)?;
    let header = Raw::parse(&decode(compact.header)?)?;
    let alg = header.alg.ok_or(Refusal::Invalid("no alg"))?;
    let keys = KeySet::parse_assuming(jwks, algs).map_err(|_| Refusal::KeysUnavailable)?;
    let key = choose(&keys, header.kid.as_deref()).ok_or(Refusal::UnknownKey)?;
    if !algs.contains(&key.alg) {
        return Err(Refusal::Invalid("an algorithm that is not asked for"));
    }
    decode(compact.payload)?;
    check_signature(&compact, &alg, key)
}

fn choose<'a>(keys: &'a KeySet, kid: Option<&str>) -> Option<&'a Key> {
    match kid {
        Some(kid) => keys.get(kid),
        None => keys.only(),
    }
}
