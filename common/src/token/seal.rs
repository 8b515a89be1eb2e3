//! Sealed access tokens: a signed token within an encrypted one (RFC 7519 §5.2), in compact form (RFC 7516 §7.1), with
//! `alg` `dir` and `enc` `A256GCM` and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error, MapAccess};
use zeroize::Zeroizing;

use super::compact::decode;
use super::members::{Members, Unique};
use super::{MAX_TOKEN_BYTES, Refusal, TYP};
use crate::clock::Clock;
use crate::secrets::{Secret, SecretError, SecretFolder};

/// What the files of the keys are called, but for their version: `seal.1`. Tokens name them so, too.
pub const SEAL: &str = "seal";

/// The keys that tokens are sealed with. Clones share them.
#[derive(Clone)]
pub struct SealKeys(Arc<Shared>);

struct Shared {
    folder: SecretFolder,
    clock: Clock,
    /// What is sealed with: the highest that was there at the start, so that a new one can be put everywhere first.
    newest: u8,
    keys: ArcSwap<BTreeMap<u8, RandomizedNonceKey>>,
    /// When the folder was last read, in ms of boot time.
    read_at: AtomicU64,
}

const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// The authentication tag of AES-GCM, in bytes (RFC 7518 §5.3).
const TAG_LEN: usize = 16;

impl SealKeys {
    /// Reads the keys of a folder: files `seal.{version}` of 32 bytes in base64url.
    ///
    /// # Errors
    /// None is there, or one is readable by others, weak, or of another length.
    pub fn open(folder: SecretFolder, clock: Clock) -> Result<Self, SecretError> {
        let keys = read(&folder)?;
        let newest = *keys.last_key_value().ok_or_else(|| folder.without(SEAL))?.0;
        let read_at = AtomicU64::new(clock.boot().as_millis() as u64);
        Ok(Self(Arc::new(Shared { folder, clock, newest, keys: ArcSwap::from_pointee(keys), read_at })))
    }

    /// Seals a signed token.
    pub fn seal(&self, token: &str) -> String {
        let kid = named(self.0.newest);
        let header =
            serde_json::json!({ "alg": "dir", "enc": "A256GCM", "typ": TYP, "cty": "JWT", "kid": kid });
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let keys = self.0.keys.load();
        let key = keys.get(&self.0.newest).expect("BUG: the newest key is held since the start");
        let mut sealed = Zeroizing::new(token.as_bytes().to_vec());
        let nonce = key
            .seal_in_place_append_tag(Aad::from(header.as_bytes()), &mut *sealed)
            .expect("BUG: a token is too long to seal");
        let (text, tag) = sealed.split_at(sealed.len() - TAG_LEN);
        let [nonce, text, tag] = [&nonce.as_ref()[..], text, tag].map(|part| URL_SAFE_NO_PAD.encode(part));
        // Between the first two dots would be an encrypted key: `dir` has none.
        format!("{header}..{nonce}.{text}.{tag}")
    }

    /// Opens what `seal` made, or anybody else who has the key. What is in it is not believed yet.
    pub(super) fn open_token(&self, token: &str) -> Result<Zeroizing<String>, Refusal> {
        let sealed = Sealed::split(token)?;
        let version = Header::parse(&decode(sealed.header)?)?;
        let keys = self.0.keys.load();
        let key = keys.get(&version).ok_or(Refusal::UnknownKey)?;
        let mut text = Zeroizing::new([decode(sealed.text)?, decode(sealed.tag)?].concat());
        let opened = key
            .open_in_place(sealed.nonce()?, Aad::from(sealed.header.as_bytes()), &mut text)
            .map_err(|_| Refusal::Invalid("the seal is broken, or another key's"))?;
        let opened = std::str::from_utf8(opened).map_err(|_| Refusal::Invalid("no token is sealed in it"))?;
        Ok(Zeroizing::new(opened.to_owned()))
    }

    /// Reads the folder again for a key that is not known, at most once a second: a new one may have come. True where it
    /// was read.
    pub(super) fn read_again(&self) -> bool {
        let (now, before) = (self.0.clock.boot().as_millis() as u64, self.0.read_at.load(Ordering::Relaxed));
        let is_due = now.saturating_sub(before) >= READ_AGAIN_AFTER.as_millis() as u64;
        let is_ours = is_due
            && self.0.read_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !is_ours {
            return false;
        }
        match read(&self.0.folder) {
            Ok(keys) if keys.contains_key(&self.0.newest) => self.0.keys.store(Arc::new(keys)),
            Ok(_) => {
                log::error!("the key that tokens are sealed with is gone from its folder: it is used on")
            }
            Err(error) => {
                log::error!(error:% = error; "the keys that tokens are sealed with cannot be read again")
            }
        }
        true
    }
}

impl std::fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKeys")
    }
}

/// True for what has the form of a sealed token.
pub(super) fn is_sealed(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}

fn named(version: u8) -> String {
    format!("{SEAL}.{version}")
}

fn read(folder: &SecretFolder) -> Result<BTreeMap<u8, RandomizedNonceKey>, SecretError> {
    let key = |(version, secret): (u8, Secret)| {
        let key = RandomizedNonceKey::new(&AES_256_GCM, secret.expose());
        Ok((version, key.map_err(|_| SecretError::NoAesKey(version))?))
    };
    folder.versions(SEAL)?.into_iter().map(key).collect()
}

/// The parts of a compact JWE, not yet opened.
struct Sealed<'a> {
    header: &'a str,
    nonce: &'a str,
    text: &'a str,
    tag: &'a str,
}

impl<'a> Sealed<'a> {
    fn split(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::Invalid("longer than 4096 bytes"));
        }
        match *token.split('.').collect::<Vec<_>>() {
            [header, "", nonce, text, tag] => Ok(Self { header, nonce, text, tag }),
            [_, _, _, _, _] => Err(Refusal::Invalid("it carries an encrypted key")),
            _ => Err(Refusal::Invalid("not five parts")),
        }
    }

    /// Only lengths that AES-GCM has in JWE are taken (RFC 7518 §5.3).
    fn nonce(&self) -> Result<Nonce, Refusal> {
        let nonce: [u8; NONCE_LEN] =
            decode(self.nonce)?.try_into().map_err(|_| Refusal::Invalid("a nonce of another length"))?;
        if decode(self.tag)?.len() != TAG_LEN {
            return Err(Refusal::Invalid("a tag of another length"));
        }
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}

/// The protected header of a sealed token. It may say what ours says and nothing else: no key derived from a password
/// (`p2c`), no compression (`zip`), no key that the sender brings along (`epk`).
#[derive(Default)]
struct Header {
    alg: Option<String>,
    enc: Option<String>,
    typ: Option<String>,
    cty: Option<String>,
    kid: Option<String>,
}

impl Header {
    /// The version of the key that a header names.
    fn parse(json: &[u8]) -> Result<u8, Refusal> {
        let Unique(header) = serde_json::from_slice::<Unique<Self>>(json)
            .map_err(|_| Refusal::Invalid("the header of the seal is not as ours"))?;
        let is = |member: &Option<String>, value| member.as_deref() == Some(value);
        if !is(&header.alg, "dir") || !is(&header.enc, "A256GCM") {
            return Err(Refusal::Invalid("sealed in another way than dir with A256GCM"));
        }
        if !is(&header.cty, "JWT") || !(is(&header.typ, TYP) || is(&header.typ, "application/at+jwt")) {
            return Err(Refusal::Invalid("not an access token within a seal"));
        }
        let kid = header.kid.unwrap_or_default();
        let version = kid.strip_prefix(SEAL).and_then(|rest| rest.strip_prefix('.')?.parse::<u8>().ok());
        // Numbers have other spellings, too.
        version.filter(|version| kid == named(*version)).ok_or(Refusal::Invalid("a seal of another's key"))
    }
}

impl<'de> Members<'de> for Header {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "alg" => self.alg = Some(map.next_value()?),
            "enc" => self.enc = Some(map.next_value()?),
            "typ" => self.typ = Some(map.next_value()?),
            "cty" => self.cty = Some(map.next_value()?),
            "kid" => self.kid = Some(map.next_value()?),
            _ => return Err(A::Error::custom("a header that is never accepted")),
        }
        Ok(true)
    }
}
