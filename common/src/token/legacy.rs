//! Another issuer's old tokens, taken for a time, so that nobody is logged out by a move to this one.
//!
//! They are signed by a shared secret and name no key (RFC 7515 §4.1.4 leaves that open; our own tokens always do). That is
//! what tells them apart before anything of them is believed: a token with `kid` never comes here, and one without never
//! comes to a public key, so that neither can be verified by the other's rules (RFC 8725 §3.1).

use std::time::Duration;

use aws_lc_rs::hmac;
use serde::Deserialize;
use serde::de::MapAccess;
use thiserror::Error;

use super::claims::{Claims, Person, is_identifier};
use super::compact::{Compact, decode};
use super::header;
use super::members::{Members, Unique};
use super::{MAX_LIFETIME_SECS, Refusal, Verified};
use crate::clock::Clock;
use crate::revocations::{Revocations, Subjects};
use crate::time::Instant;

/// The secret that another issuer signs with: any text of at least 32 bytes (RFC 7518 §3.2).
#[derive(Clone)]
pub struct LegacySecret(hmac::Key);

/// Why a secret of another issuer was not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("is weak: a secret for HS256 has at least 32 bytes, and not the same one over and over")]
pub struct WeakSecret;

impl LegacySecret {
    /// Takes the secret as the other issuer has it.
    ///
    /// # Errors
    /// [`WeakSecret`]
    pub fn parse(text: &str) -> Result<Self, WeakSecret> {
        let bytes = text.as_bytes();
        if bytes.len() < 32 || bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(WeakSecret);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }
}

impl std::fmt::Debug for LegacySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Whose old tokens are taken, and until when.
pub struct LegacySettings {
    pub secret: LegacySecret,
    /// Their `iss`; none where they have none.
    pub issuer: Option<String>,
    /// Whom a token must be meant for that says whom it is meant for.
    pub audience: String,
    /// What they permit, separated by spaces: they say nothing of it themselves.
    pub scope: String,
    /// From then on none is taken.
    pub until: Instant,
    pub leeway: Duration,
    /// By their `jti`.
    pub revocations: Revocations,
    pub clock: Clock,
}

/// Believes or refuses access tokens as Flask-JWT-Extended makes them, without asking anyone.
pub struct LegacyVerifier(LegacySettings);

/// What an old token says that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyToken {
    /// Whose it is, by the name that the other issuer has for them: what our issuer keeps as a person's `external_id`. It is
    /// nobody's `sub` here. A number is written in decimal.
    pub external_id: String,
    pub jti: String,
    /// In seconds since 1970, UTC.
    pub iat: i64,
    /// In seconds since 1970, UTC.
    pub exp: i64,
    /// True for a token that came of a password, not of a refresh.
    pub is_fresh: bool,
}

/// Whose an old token is, as our issuer knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyPerson {
    pub sub: String,
    /// Below which version tokens of theirs count no more.
    pub min_uv: i64,
}

/// The version of old tokens: that of somebody whose tokens were never ended. Whatever ends a person's tokens ends the old
/// ones for good, since the other issuer goes on making them.
const VERSION: i64 = 0;

/// The `client_id` of whoever comes with an old token.
const CLIENT: &str = "legacy";

impl LegacyVerifier {
    pub fn new(settings: LegacySettings) -> Self {
        Self(settings)
    }

    /// True for tokens that name no key. They are for this verifier alone, and all others never are.
    pub fn is_for(token: &str) -> bool {
        Self::header(token).is_ok_and(|(_, header)| header.kid.is_none())
    }

    /// Believes a token or says why not. Whose it is remains to be asked: see [`Self::admit`].
    ///
    /// # Errors
    /// What is wrong with it; `RevocationsStale` where nothing can be said.
    pub fn verify(&self, token: &str) -> Result<LegacyToken, Refusal> {
        let (compact, header) = Self::header(token)?;
        if header.kid.is_some() {
            return Err(Refusal::Invalid("names a key"));
        }
        if header.alg.as_deref() != Some("HS256") || header.typ.is_some_and(|typ| typ != "JWT") {
            return Err(Refusal::Invalid("alg is not HS256, or typ is not JWT"));
        }
        hmac::verify(&self.0.secret.0, compact.message.as_bytes(), &decode(compact.signature)?)
            .map_err(|_| Refusal::Invalid("bad signature"))?;
        self.read(&decode(compact.payload)?)
    }

    /// Takes an old token for a person's whom our issuer knows: one without roles, who proved nothing lately.
    ///
    /// # Errors
    /// Their tokens were ended; `RevocationsStale` where nothing can be said.
    pub fn admit(&self, token: LegacyToken, person: LegacyPerson) -> Result<Verified, Refusal> {
        let LegacyPerson { sub, min_uv } = person;
        let claims = Claims {
            iss: self.0.issuer.clone().unwrap_or_default(),
            sub,
            aud: vec![self.0.audience.clone()],
            exp: token.exp,
            iat: token.iat,
            jti: token.jti,
            client_id: CLIENT.to_owned(),
            uv: VERSION,
            scope: self.0.scope.clone(),
            // It belongs to no session of ours.
            person: Some(Person {
                sid: String::new(),
                roles: Vec::new(),
                auth_time: 0,
                amr: Vec::new(),
                csrf: None,
                ext: None,
            }),
        };
        let verified = Verified { subjects: Subjects::of(&claims), claims, kid: String::new() };
        let standing = self.0.revocations.check(&verified, self.0.clock.boot());
        verified.claims.check_expiry(self.now(), self.0.leeway.as_secs() as i64)?;
        standing?;
        if VERSION < min_uv { Err(Refusal::Revoked) } else { Ok(verified) }
    }

    fn header(token: &str) -> Result<(Compact<'_>, header::Raw), Refusal> {
        let compact = Compact::split(token)?;
        let header = header::Raw::parse(&decode(compact.header)?)?;
        Ok((compact, header))
    }

    fn read(&self, json: &[u8]) -> Result<LegacyToken, Refusal> {
        let Unique(raw) = serde_json::from_slice::<Unique<Raw>>(json).map_err(|_| {
            Refusal::Invalid("the claims are not a strict JSON object of an old token's types")
        })?;
        self.check_addressee(&raw)?;
        let missing = Refusal::Invalid("a claim of an old token is missing or malformed");
        let jti = raw.jti.as_ref().filter(|jti| is_identifier(jti, 128)).ok_or(missing)?;
        // The time is read last, as for our own tokens.
        let standing = self.0.revocations.check_token(jti, self.0.clock.boot());
        let (iat, exp) = self.check_times(&raw)?;
        standing?;
        Ok(LegacyToken {
            external_id: raw.sub.and_then(Subject::name).ok_or(missing)?,
            jti: raw.jti.ok_or(missing)?,
            iat,
            exp,
            is_fresh: raw.fresh.is_some_and(|fresh| fresh.is_at(self.now())),
        })
    }

    /// In seconds since 1970: our issuer's time where the revocations follow it.
    fn now(&self) -> i64 {
        self.0.revocations.now(&self.0.clock)
    }

    fn check_addressee(&self, raw: &Raw) -> Result<(), Refusal> {
        if raw.kind.as_deref() != Some("access") {
            return Err(Refusal::Invalid("type is not access"));
        }
        if raw.iss != self.0.issuer {
            return Err(Refusal::Invalid("another issuer's"));
        }
        match &raw.aud {
            Some(audience) if !audience.names(&self.0.audience) => {
                Err(Refusal::Invalid("not meant for this service"))
            }
            _ => Ok(()),
        }
    }

    /// An old token lives no longer than ours: what revokes it is not remembered for longer.
    fn check_times(&self, raw: &Raw) -> Result<(i64, i64), Refusal> {
        let (now, leeway) = (self.now(), self.0.leeway.as_secs() as i64);
        if now >= self.0.until.as_secs() {
            return Err(Refusal::Invalid("the time of old tokens is over"));
        }
        let (Some(iat), Some(exp)) = (raw.iat, raw.exp) else {
            return Err(Refusal::Invalid("no iat or no exp"));
        };
        let life = exp.checked_sub(iat).filter(|_| iat >= 0);
        if !life.is_some_and(|life| (1..=MAX_LIFETIME_SECS).contains(&life)) {
            return Err(Refusal::Invalid("its life is not between a second and an hour"));
        }
        if iat > now + leeway || raw.nbf.is_some_and(|nbf| nbf > now + leeway) {
            return Err(Refusal::Invalid("not valid yet"));
        }
        if now >= exp + leeway { Err(Refusal::Expired) } else { Ok((iat, exp)) }
    }
}

#[derive(Default)]
struct Raw {
    iss: Option<String>,
    sub: Option<Subject>,
    aud: Option<Audiences>,
    exp: Option<i64>,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: Option<String>,
    kind: Option<String>,
    fresh: Option<Fresh>,
}

/// Flask-JWT-Extended wrote the identity as it got it, which was a number more often than not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Subject {
    Number(u64),
    Text(String),
}

/// Whether it came of a password, or until when it counts as if it did.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fresh {
    Is(bool),
    Until(f64),
}

/// RFC 7519 §4.1.3 allows both.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Some(Vec<String>),
}

impl<'de> Members<'de> for Raw {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "iss" => self.iss = Some(map.next_value()?),
            "sub" => self.sub = Some(map.next_value()?),
            "aud" => self.aud = Some(map.next_value()?),
            "exp" => self.exp = Some(map.next_value()?),
            "iat" => self.iat = Some(map.next_value()?),
            "nbf" => self.nbf = Some(map.next_value()?),
            "jti" => self.jti = Some(map.next_value()?),
            "type" => self.kind = Some(map.next_value()?),
            "fresh" => self.fresh = Some(map.next_value()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Subject {
    fn name(self) -> Option<String> {
        match self {
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text).filter(|text| is_identifier(text, 255)),
        }
    }
}

impl Fresh {
    fn is_at(&self, now: i64) -> bool {
        match self {
            Self::Is(fresh) => *fresh,
            Self::Until(end) => (now as f64) < *end,
        }
    }
}

impl Audiences {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Some(all) => all.iter().any(|one| one == audience),
        }
    }
}
