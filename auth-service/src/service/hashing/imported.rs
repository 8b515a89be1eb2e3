//! Hashes that other systems made of passwords. They are verified as they are, and replaced by our own at the next login.
//!
//! | hash | as written by |
//! |---|---|
//! | `$2a$`, `$2b$`, `$2y$` | bcrypt, in whatever language |
//! | `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`, `argon2i`, `argon2d` | the PHC string of the reference implementation |
//! | `scrypt:32768:8:1$salt$hex`, `pbkdf2:sha256:600000$salt$hex` | Werkzeug, and so Flask |
//! | `$scrypt$ln=15,r=8,p=1$salt$hash`, `$pbkdf2-sha256$29000$salt$hash` | passlib |
//!
//! What a hash may cost is bounded: each login with it takes so much memory and time.

use std::fmt;
use std::num::NonZeroU32;

use argon2::Argon2;
use aws_lc_rs::{constant_time, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use thiserror::Error;

/// A hash that somebody else made, taken apart.
pub struct Imported {
    text: String,
    scheme: Scheme,
}

enum Scheme {
    Bcrypt,
    Argon2 { algorithm: argon2::Algorithm, version: argon2::Version, params: argon2::Params, salted: Salted },
    Scrypt { params: scrypt::Params, salted: Salted },
    Pbkdf2 { algorithm: pbkdf2::Algorithm, iterations: NonZeroU32, salted: Salted },
}

struct Salted {
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// Why a hash cannot be taken over. Never says what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotImportable {
    #[error("is no hash of bcrypt, Argon2, scrypt or PBKDF2")]
    Unknown,
    #[error("is damaged")]
    Malformed,
    #[error("costs more to verify than a login may")]
    TooCostly,
}

use NotImportable::{Malformed, TooCostly, Unknown};

const MOST_BCRYPT_COST: u32 = 15;
const MOST_MEMORY: u64 = 128 << 20;
/// What is written to memory in all, over every pass.
const MOST_WRITTEN: u64 = 512 << 20;
const MOST_LANES: u32 = 16;
const MOST_ITERATIONS: u32 = 2_000_000;

impl Imported {
    /// What tells the stored form from our own.
    pub(super) const PREFIX: &'static str = "i1.";

    /// Takes over a hash.
    ///
    /// # Errors
    /// See [`NotImportable`].
    pub fn parse(text: &str) -> Result<Self, NotImportable> {
        let scheme = match text.strip_prefix('$') {
            Some(rest) => modular(rest)?,
            None => werkzeug(text)?,
        };
        Ok(Self { text: text.to_owned(), scheme })
    }

    /// What the database keeps until the next login.
    pub fn to_stored(&self) -> String {
        format!("{}{}", Self::PREFIX, self.text)
    }

    /// True for the password that it was made of.
    pub(super) fn is_of(&self, password: &str) -> bool {
        // To bcrypt a NUL is the end of a password, which would make "a" and "a\0b" the same one.
        if password.contains('\0') {
            return false;
        }
        match &self.scheme {
            Scheme::Bcrypt => super::is_of(password, &self.text),
            Scheme::Argon2 { algorithm, version, params, salted } => salted.is(|salt, hash| {
                Argon2::new(*algorithm, *version, params.clone())
                    .hash_password_into(password.as_bytes(), salt, hash)
                    .is_ok()
            }),
            Scheme::Scrypt { params, salted } => {
                salted.is(|salt, hash| scrypt::scrypt(password.as_bytes(), salt, params, hash).is_ok())
            }
            Scheme::Pbkdf2 { algorithm, iterations, salted } => salted.is(|salt, hash| {
                pbkdf2::derive(*algorithm, *iterations, salt, password.as_bytes(), hash);
                true
            }),
        }
    }
}

impl fmt::Debug for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imported")
    }
}

impl Salted {
    fn new(salt: Vec<u8>, hash: Vec<u8>) -> Result<Self, NotImportable> {
        let fits = salt.len() <= 1024 && (16..=128).contains(&hash.len());
        if fits { Ok(Self { salt, hash }) } else { Err(Malformed) }
    }

    fn is(&self, derive: impl FnOnce(&[u8], &mut [u8]) -> bool) -> bool {
        let mut derived = vec![0; self.hash.len()];
        derive(&self.salt, &mut derived)
            && constant_time::verify_slices_are_equal(&derived, &self.hash).is_ok()
    }
}

/// The modular crypt format: `$scheme$…`.
fn modular(text: &str) -> Result<Scheme, NotImportable> {
    let fields: Vec<&str> = text.split('$').collect();
    match fields[..] {
        ["2a" | "2b" | "2y", cost, salted] => bcrypt_of(cost, salted),
        ["argon2id" | "argon2i" | "argon2d", version, params, salt, hash] => {
            argon2_of(fields[0], version, params, b64(salt, hash)?)
        }
        ["argon2id" | "argon2i" | "argon2d", params, salt, hash] => {
            argon2_of(fields[0], "v=16", params, b64(salt, hash)?)
        }
        ["scrypt", params, salt, hash] => {
            let log_n = member(params, "ln")?;
            scrypt_of(log_n, member(params, "r")?, member(params, "p")?, b64(salt, hash)?)
        }
        [name, iterations, salt, hash] if name.starts_with("pbkdf2") => {
            let digest = name.strip_prefix("pbkdf2-").unwrap_or("sha1");
            pbkdf2_of(digest, iterations, b64(&salt.replace('.', "+"), &hash.replace('.', "+"))?)
        }
        _ => Err(Unknown),
    }
}

/// `method:parameters$salt$hash in hex`.
fn werkzeug(text: &str) -> Result<Scheme, NotImportable> {
    let [method, salt, hash] = text.split('$').collect::<Vec<_>>()[..] else { return Err(Unknown) };
    let salted = || Salted::new(salt.as_bytes().to_vec(), hex(hash).ok_or(Malformed)?);
    match method.split(':').collect::<Vec<_>>()[..] {
        ["scrypt", n, r, p] => {
            let n: u64 = number(n)?;
            let log_n = if n.is_power_of_two() { n.ilog2() } else { return Err(Malformed) };
            scrypt_of(log_n, number(r)?, number(p)?, salted()?)
        }
        ["pbkdf2", digest, iterations] => pbkdf2_of(digest, iterations, salted()?),
        _ => Err(Unknown),
    }
}

fn bcrypt_of(cost: &str, salted: &str) -> Result<Scheme, NotImportable> {
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"./".contains(&byte);
    if cost.len() != 2 || salted.len() != 53 || !salted.bytes().all(in_alphabet) {
        return Err(Malformed);
    }
    match number::<u32>(cost)? {
        4..=MOST_BCRYPT_COST => Ok(Scheme::Bcrypt),
        0..=3 => Err(Malformed),
        _ => Err(TooCostly),
    }
}

fn argon2_of(name: &str, version: &str, params: &str, salted: Salted) -> Result<Scheme, NotImportable> {
    let algorithm = argon2::Algorithm::new(name).map_err(|_| Unknown)?;
    let version = argon2::Version::try_from(member::<u32>(version, "v")?).map_err(|_| Unknown)?;
    let (memory, passes, lanes): (u32, u32, u32) =
        (member(params, "m")?, member(params, "t")?, member(params, "p")?);
    let bytes = u64::from(memory) << 10;
    if bytes > MOST_MEMORY || bytes.saturating_mul(passes.into()) > MOST_WRITTEN || lanes > MOST_LANES {
        return Err(TooCostly);
    }
    let params = argon2::Params::new(memory, passes, lanes, Some(salted.hash.len()));
    Ok(Scheme::Argon2 { algorithm, version, params: params.map_err(|_| Malformed)?, salted })
}

fn scrypt_of(log_n: u32, r: u32, p: u32, salted: Salted) -> Result<Scheme, NotImportable> {
    let n = 1u64.checked_shl(log_n).ok_or(TooCostly)?;
    let bytes = n.saturating_mul(128).saturating_mul(r.into());
    if bytes > MOST_MEMORY || bytes.saturating_mul(p.into()) > MOST_WRITTEN || p > MOST_LANES {
        return Err(TooCostly);
    }
    let params = scrypt::Params::new(log_n as u8, r, p).map_err(|_| Malformed)?;
    Ok(Scheme::Scrypt { params, salted })
}

fn pbkdf2_of(digest: &str, iterations: &str, salted: Salted) -> Result<Scheme, NotImportable> {
    let algorithm = match digest {
        "sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        "sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "sha384" => pbkdf2::PBKDF2_HMAC_SHA384,
        "sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Err(Unknown),
    };
    match number(iterations)? {
        0 => Err(Malformed),
        iterations if iterations > MOST_ITERATIONS => Err(TooCostly),
        iterations => Ok(Scheme::Pbkdf2 {
            algorithm,
            iterations: NonZeroU32::new(iterations).ok_or(Malformed)?,
            salted,
        }),
    }
}

fn b64(salt: &str, hash: &str) -> Result<Salted, NotImportable> {
    let decode = |text| STANDARD_NO_PAD.decode(text).map_err(|_| Malformed);
    Salted::new(decode(salt)?, decode(hash)?)
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| Some(c.to_digit(16)? as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The value of `name` in `m=65536,t=3,p=4`.
fn member<T: std::str::FromStr>(params: &str, name: &str) -> Result<T, NotImportable> {
    let values = params.split(',').filter_map(|param| param.split_once('='));
    let (_, value) = values.into_iter().find(|(key, _)| *key == name).ok_or(Malformed)?;
    number(value)
}

/// Digits alone; a number that is beyond all bounds costs too much.
fn number<T: std::str::FromStr>(text: &str) -> Result<T, NotImportable> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err(Malformed);
    }
    text.parse().map_err(|_| TooCostly)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> NotImportable {
        Imported::parse(text).expect_err(text)
    }

    #[test]
    fn what_is_no_hash_of_a_known_scheme_is_refused() {
        let others = [
            "",
            "secret",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$1$salt$5TfNJ2pVAdJgsVfO1bWPx0",
            "$6$salt$hash",
            "$2x$12$......................................................",
            "sha256$salt$0123",
            "plain:secret$a$b",
            "pbkdf2:md5:1000$salt$00112233445566778899aabbccddeeff",
            "$b1.1$2b$",
        ];
        for text in others {
            assert_eq!(refused(text), Unknown, "{text}");
        }
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let damaged = [
            "$2b$12$tooshort".to_owned(),
            format!("$2b$12${}", "*".repeat(53)),
            format!("$2b$03${}", ".".repeat(53)),
            format!("$2b$xx${}", ".".repeat(53)),
            "$argon2id$v=19$m=65536,t=3$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA".to_owned(),
            "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$".to_owned(),
            "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$not base64!".to_owned(),
            "scrypt:32767:8:1$salt$00112233445566778899aabbccddeeff".to_owned(),
            "scrypt:32768:8:1$salt$0011223".to_owned(),
            "pbkdf2:sha256:0$salt$00112233445566778899aabbccddeeff".to_owned(),
            "pbkdf2:sha256:-1$salt$00112233445566778899aabbccddeeff".to_owned(),
            "pbkdf2:sha256:1000$salt$".to_owned(),
        ];
        for text in damaged {
            assert_eq!(refused(&text), Malformed, "{text}");
        }
    }

    /// Whoever imports it would let every login with it take the machine.
    #[test]
    fn what_costs_too_much_is_refused() {
        let hash = "aGFzaGhhc2hoYXNoaGFzaA";
        let costly = [
            format!("$2b$16${}", ".".repeat(53)),
            format!("$2b$31${}", ".".repeat(53)),
            format!("$argon2id$v=19$m=131073,t=1,p=1$c2FsdHNhbHQ${hash}"),
            format!("$argon2id$v=19$m=65536,t=9,p=1$c2FsdHNhbHQ${hash}"),
            format!("$argon2id$v=19$m=4294967295,t=4294967295,p=1$c2FsdHNhbHQ${hash}"),
            format!("$argon2id$v=19$m=99999999999,t=1,p=1$c2FsdHNhbHQ${hash}"),
            format!("$argon2id$v=19$m=65536,t=1,p=17$c2FsdHNhbHQ${hash}"),
            "scrypt:262144:8:1$salt$00112233445566778899aabbccddeeff".to_owned(),
            "scrypt:32768:8:17$salt$00112233445566778899aabbccddeeff".to_owned(),
            format!("$scrypt$ln=63,r=8,p=1$c2FsdA${hash}"),
            format!("$scrypt$ln=64,r=8,p=1$c2FsdA${hash}"),
            "pbkdf2:sha256:2000001$salt$00112233445566778899aabbccddeeff".to_owned(),
            "pbkdf2:sha256:99999999999$salt$00112233445566778899aabbccddeeff".to_owned(),
        ];
        for text in costly {
            assert_eq!(refused(&text), TooCostly, "{text}");
        }
    }

    #[test]
    fn a_nul_ends_no_password() {
        let hash = Imported::parse(&bcrypt::hash("a", 4).unwrap()).unwrap();
        assert!(hash.is_of("a"));
        assert!(!hash.is_of("a\0a") && !hash.is_of("a\0"));
    }

    /// RFC 7914 §11 and §12.
    #[test]
    fn the_vectors_of_rfc_7914_are_verified() {
        let scrypt = "scrypt:1024:8:16$NaCl$fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                      2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
        let pbkdf2 = "pbkdf2:sha256:80000$NaCl$4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
                      a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
        assert!(Imported::parse(scrypt).unwrap().is_of("password"));
        assert!(!Imported::parse(scrypt).unwrap().is_of("Password"));
        assert!(Imported::parse(pbkdf2).unwrap().is_of("Password"));
        assert!(!Imported::parse(pbkdf2).unwrap().is_of("password"));
    }
}
