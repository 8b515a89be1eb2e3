use std::fmt;

use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::ids::Uuid;
use common::secrets::Secret;

use super::SessionId;

/// A refresh token: `jrt1_` + base64url(secret₁₆ ‖ tag₁₆ ‖ session₁₆ ‖ generation₄ ‖ key version₁).
///
/// The tag is HMAC-SHA-256₁₂₈ over everything else, so that one that is not ours is refused before any read and can end
/// nothing. The successor's secret is an HMAC of this one's: whoever presents the same token gets the same successor.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    secret: [u8; 16],
    pub session: SessionId,
    pub generation: u32,
    pub key_version: u8,
}

/// One version of the key that makes refresh tokens.
#[derive(Clone)]
pub struct RefreshKey {
    pub version: u8,
    key: hmac::Key,
}

/// What presented text claims to be, before its tag was checked.
pub struct Unchecked {
    token: RefreshToken,
    tag: [u8; 16],
}

const PREFIX: &str = "jrt1_";
const BYTES: usize = 16 + 16 + 16 + 4 + 1;

impl RefreshKey {
    pub fn new(version: u8, secret: &Secret) -> Self {
        Self { version, key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose()) }
    }

    /// The CSRF token of a session, in base64url: always the same, so that one tab's refresh leaves the other's token good
    /// (docs/decisions/0006).
    pub fn csrf_token(&self, session: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(CSRF, &[session.as_uuid().as_bytes()]))
    }

    /// HMAC-SHA-256₁₂₈ for a purpose: a tag can never be taken for a secret.
    fn mac(&self, purpose: u8, parts: &[&[u8]]) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&[purpose]);
        parts.iter().for_each(|part| context.update(part));
        context.sign().as_ref()[..16].try_into().expect("BUG: SHA-256 has 32 bytes")
    }
}

const TAG: u8 = 1;
const SUCCESSOR: u8 = 2;
const CSRF: u8 = 3;

impl RefreshToken {
    /// The first token of a session.
    pub fn first(session: SessionId, key: &RefreshKey) -> Self {
        let secret = Secret::random().expose()[..16].try_into().expect("BUG: a secret has 32 bytes");
        Self { secret, session, generation: 0, key_version: key.version }
    }

    /// Reads presented text. `None` when it does not even look like one of ours.
    pub fn parse(text: &str) -> Option<Unchecked> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?.try_into().ok()?;
        let (secret, rest) = bytes.split_first_chunk::<16>()?;
        let (tag, rest) = rest.split_first_chunk::<16>()?;
        let (session, rest) = rest.split_first_chunk::<16>()?;
        let (generation, version) = rest.split_first_chunk::<4>()?;
        let token = Self {
            secret: *secret,
            session: SessionId::from_uuid(Uuid::from_bytes(*session)),
            generation: u32::from_be_bytes(*generation),
            key_version: version[0],
        };
        Some(Unchecked { token, tag: *tag })
    }

    /// The token that comes after this one, made with this key: always the same.
    pub fn successor(&self, key: &RefreshKey) -> Self {
        let generation = self.generation + 1;
        let session = self.session.as_uuid();
        let secret = key.mac(SUCCESSOR, &[session.as_bytes(), &generation.to_be_bytes(), &self.secret]);
        Self { secret, session: self.session, generation, key_version: key.version }
    }

    /// SHA-256 of its secret: what the database keeps.
    pub fn secret_hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.secret).as_ref().to_vec()
    }

    /// Writes it for whom it belongs to, with the key of its version.
    pub fn reveal(&self, key: &RefreshKey) -> String {
        debug_assert_eq!(self.key_version, key.version);
        let mut bytes = [0; BYTES];
        bytes[..16].copy_from_slice(&self.secret);
        bytes[16..32].copy_from_slice(&self.tag(key));
        bytes[32..48].copy_from_slice(self.session.as_uuid().as_bytes());
        bytes[48..52].copy_from_slice(&self.generation.to_be_bytes());
        bytes[52] = self.key_version;
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    fn tag(&self, key: &RefreshKey) -> [u8; 16] {
        let session = self.session.as_uuid();
        key.mac(TAG, &[&self.secret, session.as_bytes(), &self.generation.to_be_bytes(), &[self.key_version]])
    }
}

impl Unchecked {
    /// The version of the key that it says it was made with.
    pub fn key_version(&self) -> u8 {
        self.token.key_version
    }

    /// Checks the tag: `None` when the token is not ours. A generation that has no successor was never given out.
    pub fn check(self, key: &RefreshKey) -> Option<RefreshToken> {
        let authentic = constant_time::verify_slices_are_equal(&self.tag, &self.token.tag(key)).is_ok();
        (authentic && self.token.generation < u32::MAX).then_some(self.token)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(version: u8) -> RefreshKey {
        RefreshKey::new(version, &Secret::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap())
    }

    #[test]
    fn a_token_reads_back_and_its_successor_is_always_the_same() {
        let first = RefreshToken::first(SessionId::new(), &key(1));
        let text = first.reveal(&key(1));
        let read = RefreshToken::parse(&text).unwrap().check(&key(1)).unwrap();
        assert_eq!(read, first);
        assert_eq!(read.successor(&key(1)).reveal(&key(1)), first.successor(&key(1)).reveal(&key(1)));
        assert_ne!(read.successor(&key(1)).secret_hash(), first.secret_hash());
    }

    #[test]
    fn a_session_keeps_its_csrf_token_and_no_other_has_it() {
        let (session, other) = (SessionId::new(), SessionId::new());
        let token = key(1).csrf_token(session);
        assert_eq!(key(1).csrf_token(session), token);
        assert_ne!(key(1).csrf_token(other), token);
        assert_eq!(token.len(), 22);
    }

    #[test]
    fn one_changed_character_is_not_ours() {
        let text = RefreshToken::first(SessionId::new(), &key(1)).reveal(&key(1));
        for at in PREFIX.len()..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let accepted = RefreshToken::parse(&changed).is_some_and(|token| token.check(&key(1)).is_some());
            assert!(!accepted, "{changed}");
        }
        assert!(RefreshToken::parse(&format!("{text}=")).is_none());
        assert!(RefreshToken::parse(&text.to_uppercase()).is_none());
    }
}
