//! The header, key, signature and claims code of the verifier, without the profile of access tokens around it: for test
//! vectors, whose tokens are none of ours.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde::de::MapAccess;
use serde_json::{Map, Value};

use super::compact::{Compact, decode};
use super::header::Raw;
use super::members::{Members, Unique};
use super::verifier::check_signature;
use super::{Refusal, TYP, claims};
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

/// What a vector asks of a token instead of the profile. Times are seconds, instants since 1970.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Policy {
    pub iss: Option<String>,
    pub aud: Option<String>,
    pub typ: Option<String>,
    #[serde(default)]
    pub leeway: i64,
    #[serde(default)]
    pub now: i64,
    /// The claims that must be there.
    #[serde(default)]
    pub required: Vec<String>,
    pub max_ttl: Option<i64>,
}

/// Checks any JWT in compact form against a JSON Web Key Set and a policy. Keys must name themselves and their algorithm.
pub fn check_jwt(token: &str, jwks: &[u8], algs: &[Algorithm], policy: &Policy) -> Result<(), Refusal> {
    let compact = Compact::split(token)?;
    let header = Raw::parse(&decode(compact.header)?)?;
    let wanted = policy.typ.as_deref().unwrap_or(TYP);
    if header.typ.is_none_or(|typ| typ.strip_prefix("application/").unwrap_or(&typ) != wanted) {
        return Err(Refusal::Invalid("another typ"));
    }
    let (alg, kid) = header.alg.zip(header.kid).ok_or(Refusal::Invalid("no alg or no kid"))?;
    let keys = KeySet::parse(jwks).map_err(|_| Refusal::KeysUnavailable)?;
    let key = keys.get(&kid).ok_or(Refusal::UnknownKey)?;
    if !algs.contains(&key.alg) {
        return Err(Refusal::Invalid("an algorithm that is not asked for"));
    }
    check_signature(&compact, &alg, key)?;
    policy.check(&decode(compact.payload)?)
}

impl Policy {
    fn check(&self, json: &[u8]) -> Result<(), Refusal> {
        const MALFORMED: Refusal = Refusal::Invalid("the claims are not a strict JSON object of their types");
        let Unique(Loose(claims)) = serde_json::from_slice::<Unique<Loose>>(json).map_err(|_| MALFORMED)?;
        let members: Map<String, Value> = serde_json::from_slice(json).map_err(|_| MALFORMED)?;
        if !self.required.iter().all(|name| members.contains_key(name)) {
            return Err(Refusal::Invalid("a claim is missing"));
        }
        let names = [claims.sub.as_deref(), claims.jti.as_deref()];
        if !names.into_iter().flatten().all(|name| claims::is_identifier(name, 255)) {
            return Err(Refusal::Invalid("a name that names nothing"));
        }
        self.check_addressee(&claims)?;
        self.check_times(&claims)
    }

    fn check_addressee(&self, claims: &claims::Raw) -> Result<(), Refusal> {
        if self.iss.is_some() && claims.iss != self.iss {
            return Err(Refusal::Invalid("another issuer's"));
        }
        match (&self.aud, &claims.aud) {
            (Some(us), aud) if !aud.as_ref().is_some_and(|aud| aud.contains(us)) => {
                Err(Refusal::Invalid("not meant for this service"))
            }
            _ => Ok(()),
        }
    }

    fn check_times(&self, claims: &claims::Raw) -> Result<(), Refusal> {
        let latest = self.now + self.leeway;
        let (iat, exp) = (claims.iat, claims.exp);
        if [iat, exp].into_iter().flatten().any(|time| time < 0) {
            return Err(Refusal::Invalid("exp or iat out of range"));
        }
        if iat
            .zip(exp)
            .is_some_and(|(iat, exp)| exp <= iat || self.max_ttl.is_some_and(|most| exp - iat > most))
        {
            return Err(Refusal::Invalid("its life is too short or too long"));
        }
        if [iat, claims.nbf].into_iter().flatten().any(|begin| begin > latest) {
            return Err(Refusal::Invalid("not valid yet"));
        }
        if exp.is_some_and(|exp| self.now >= exp.saturating_add(self.leeway)) {
            Err(Refusal::Expired)
        } else {
            Ok(())
        }
    }
}

/// The claims of the profile, but `aud` may be one text (RFC 7519 §4.1.3).
#[derive(Default)]
struct Loose(claims::Raw);

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Some(Vec<String>),
}

impl<'de> Members<'de> for Loose {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        if name != "aud" {
            return self.0.take(name, map);
        }
        self.0.aud = Some(match map.next_value()? {
            Audiences::One(one) => vec![one],
            Audiences::Some(all) => all,
        });
        Ok(true)
    }
}
