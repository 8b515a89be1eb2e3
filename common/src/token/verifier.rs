use std::sync::Arc;
use std::time::Duration;

use super::cache::Cache;
use super::claims::Claims;
use super::compact::{Compact, decode};
use super::header::Header;
use super::seal::{SealKeys, is_sealed};
use super::{MAX_TOKEN_BYTES, Refusal};
use crate::clock::Clock;
use crate::keys::{Key, Keys};
use crate::revocations::{Revocations, Subjects};

/// A token that was believed.
#[derive(Debug)]
pub struct Verified {
    pub claims: Claims,
    /// The key that signed it.
    pub kid: String,
    /// What it can be revoked by.
    pub(crate) subjects: Subjects,
}

/// Believes or refuses access tokens, without asking anyone.
///
/// A signature check around `jsonwebtoken` that leaves nothing to the sender: length and characters, three parts, a strict
/// header, the one algorithm of the key that `kid` names, the signature, strict typed claims, the times, and whether the
/// token was revoked, in this order (RFC 8725).
pub struct Verifier {
    issuer: String,
    audience: Audience,
    keys: Keys,
    revocations: Revocations,
    leeway: i64,
    grace: i64,
    cache: Cache,
    clock: Clock,
    seals: Option<SealKeys>,
}

/// Whom a token must be meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Its `aud` must name this.
    Named(String),
    /// Anyone: only for the issuer itself, at whose door every token of its own may be ended.
    Any,
}

impl From<&str> for Audience {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<String> for Audience {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

impl Verifier {
    /// Starts describing a verifier. `build` is there once issuer, audience, keys and revocations are named.
    pub fn builder() -> VerifierBuilder<(), (), (), ()> {
        VerifierBuilder {
            issuer: (),
            audience: (),
            keys: (),
            revocations: (),
            options: Options {
                leeway: Duration::from_secs(30),
                grace: Duration::ZERO,
                cached: 10_000,
                clock: Clock::system(),
                seals: None,
            },
        }
    }

    /// Believes a token or says why not. When its key is unknown, asks the issuer once for its newest keys, within the
    /// bounds of [`Keys::refetch`].
    pub async fn authenticate(&self, token: &str) -> Result<Arc<Verified>, Refusal> {
        match self.verify(token) {
            Err(Refusal::UnknownKey) => {
                if let Some(seals) = self.seals.as_ref().filter(|_| is_sealed(token)) {
                    seals.read_again();
                    match self.verify(token) {
                        Err(Refusal::UnknownKey) => {}
                        answer => return answer,
                    }
                }
                self.keys.refetch().await?;
                self.verify(token)
            }
            answer => answer,
        }
    }

    /// Believes a token or says why not, with the keys that are here. Takes no lock and does no I/O.
    pub fn verify(&self, token: &str) -> Result<Arc<Verified>, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::Invalid("longer than 4096 bytes"));
        }
        let boot = self.clock.boot();
        self.keys.check_age(boot)?;
        let cache_key = Cache::key(token);
        if let Some(verified) = self.cache.get(&cache_key) {
            return self.check_again(&cache_key, verified, boot);
        }
        let (verified, not_before) = self.open_and_read(token)?;
        // The time is read last: what was ended is forgotten only once every token that it could concern has expired.
        let standing = self.revocations.check(&verified, self.clock.boot());
        verified.claims.check_times(not_before, self.now(), self.leeway, self.grace)?;
        standing?;
        let verified = Arc::new(verified);
        self.cache.keep(cache_key, verified.clone());
        Ok(verified)
    }

    /// What o'clock it is for this verifier, in seconds since 1970: the issuer's time where it follows the feed.
    pub fn now(&self) -> i64 {
        self.revocations.now(&self.clock)
    }

    /// The copy of the revocations that it checks against.
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    fn check_again(
        &self,
        cache_key: &[u8; 32],
        verified: Arc<Verified>,
        boot: Duration,
    ) -> Result<Arc<Verified>, Refusal> {
        let still_good = if self.keys.current().contains(&verified.kid) {
            let standing = self.revocations.check(&verified, boot);
            verified.claims.check_expiry(self.now(), self.leeway + self.grace).and(standing)
        } else {
            Err(Refusal::UnknownKey)
        };
        if let Err(refusal) = still_good {
            if !refusal.is_ours() {
                self.cache.forget(cache_key);
            }
            return Err(refusal);
        }
        Ok(verified)
    }

    /// Opens a token where it is sealed and this may be, and reads what is in it.
    fn open_and_read(&self, token: &str) -> Result<(Verified, Option<i64>), Refusal> {
        match &self.seals {
            Some(seals) if is_sealed(token) => self.read(&seals.open_token(token)?),
            _ => self.read(token),
        }
    }

    /// What a token says that is ours, and from when on it counts if it says so. Its time is still to be checked.
    fn read(&self, token: &str) -> Result<(Verified, Option<i64>), Refusal> {
        let compact = Compact::split(token)?;
        let header = Header::parse(&decode(compact.header)?)?;
        let keys = self.keys.current();
        let key = keys.get(&header.kid).ok_or(Refusal::UnknownKey)?;
        check_signature(&compact, &header.alg, key)?;
        let (claims, not_before) = Claims::parse(&decode(compact.payload)?)?;
        self.check_addressee(&claims)?;
        Ok((Verified { subjects: Subjects::of(&claims), claims, kid: header.kid }, not_before))
    }

    fn check_addressee(&self, claims: &Claims) -> Result<(), Refusal> {
        if claims.iss != self.issuer {
            return Err(Refusal::Invalid("another issuer's"));
        }
        match &self.audience {
            Audience::Named(name) if !claims.aud.contains(name) => {
                Err(Refusal::Invalid("not meant for this service"))
            }
            _ => Ok(()),
        }
    }
}

/// Checks the signature with the one algorithm that the key is bound to: the header may only agree (RFC 8725bis §3.1).
pub(super) fn check_signature(compact: &Compact<'_>, alg: &str, key: &Key) -> Result<(), Refusal> {
    if alg != key.alg_name() {
        return Err(Refusal::Invalid("alg is not the key's"));
    }
    match key.has_signed(compact.message.as_bytes(), compact.signature) {
        true => Ok(()),
        false => Err(Refusal::Invalid("bad signature")),
    }
}

/// Describes a verifier: one without issuer, audience, keys or revocations does not compile.
pub struct VerifierBuilder<I, A, K, R> {
    issuer: I,
    audience: A,
    keys: K,
    revocations: R,
    options: Options,
}

/// What a verifier need not be told.
struct Options {
    leeway: Duration,
    grace: Duration,
    cached: u64,
    clock: Clock,
    seals: Option<SealKeys>,
}

impl<I, A, K, R> VerifierBuilder<I, A, K, R> {
    /// Whose tokens are believed: exactly the text of `iss`.
    pub fn issuer(self, issuer: impl Into<String>) -> VerifierBuilder<String, A, K, R> {
        let Self { audience, keys, revocations, options, .. } = self;
        VerifierBuilder { issuer: issuer.into(), audience, keys, revocations, options }
    }

    /// Whom they must be meant for.
    pub fn audience(self, audience: impl Into<Audience>) -> VerifierBuilder<I, Audience, K, R> {
        let Self { issuer, keys, revocations, options, .. } = self;
        VerifierBuilder { issuer, audience: audience.into(), keys, revocations, options }
    }

    /// The issuer's public keys.
    pub fn keys(self, keys: Keys) -> VerifierBuilder<I, A, Keys, R> {
        let Self { issuer, audience, revocations, options, .. } = self;
        VerifierBuilder { issuer, audience, keys, revocations, options }
    }

    /// What was revoked before its time.
    pub fn revocations(self, revocations: Revocations) -> VerifierBuilder<I, A, K, Revocations> {
        let Self { issuer, audience, keys, options, .. } = self;
        VerifierBuilder { issuer, audience, keys, revocations, options }
    }

    /// How far the issuer's clock and ours may differ: 30 s unless said.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.options.leeway = leeway;
        self
    }

    /// For how long an expired token is taken all the same: not at all unless said. Only where it is ended by it.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.options.grace = grace;
        self
    }

    /// How many verified tokens are remembered: 10 000 unless said.
    pub fn cached(mut self, cached: u64) -> Self {
        self.options.cached = cached;
        self
    }

    /// Opens sealed tokens with these keys, where there are any: none are opened unless said.
    pub fn seals(mut self, seals: Option<SealKeys>) -> Self {
        self.options.seals = seals;
        self
    }

    pub fn clock(mut self, clock: Clock) -> Self {
        self.options.clock = clock;
        self
    }
}

impl VerifierBuilder<String, Audience, Keys, Revocations> {
    pub fn build(self) -> Verifier {
        let Options { leeway, grace, cached, clock, seals } = self.options;
        Verifier {
            issuer: self.issuer,
            audience: self.audience,
            keys: self.keys,
            revocations: self.revocations,
            leeway: leeway.as_secs() as i64,
            grace: grace.as_secs() as i64,
            cache: Cache::new(cached),
            clock,
            seals,
        }
    }
}
