use serde_json::Value;

use super::{Checks, Material, Part, printable};
use crate::token::MAX_TOKEN_BYTES;
use crate::token::compact::{Compact, decode};
use crate::token::header::Raw;

/// The parts of a compact JWS, decoded.
pub(super) struct Parts<'a> {
    compact: Compact<'a>,
    header: Vec<u8>,
    pub payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Takes a token apart; `None` where it is no signed token, and the checks say why.
    pub fn of(token: &'a str, checks: &mut Checks) -> Option<Self> {
        let (bytes, count) = (token.len(), token.split('.').count());
        checks.say("length", bytes <= MAX_TOKEN_BYTES, format!("{bytes} bytes; at most {MAX_TOKEN_BYTES}"));
        let strangers = token.bytes().filter(|b| !is_known(*b)).count();
        checks.say("characters", strangers == 0, format!("{strangers} that are not base64url or a dot"));
        let kind = match count {
            3 => "a signed token (JWS)",
            5 => "a sealed token (JWE): open it first",
            _ => "a signed token has 3",
        };
        let compact = Compact::split(token);
        checks.say("parts", count == 3 && compact.is_ok(), format!("{count}: {kind}"));
        let compact = compact.ok()?;
        let mut decoded = |code, part| match decode(part) {
            Ok(bytes) => Some(bytes),
            Err(refusal) => {
                checks.say(code, false, refusal.to_string());
                None
            }
        };
        let (header, payload) = (decoded("header", compact.header)?, decoded("payload", compact.payload)?);
        let signature = decoded("signature", compact.signature)?;
        Some(Self { compact, header, payload, signature })
    }

    pub fn described(&self) -> Vec<Part> {
        let json = |name, bytes: &[u8]| Part { name, bytes: bytes.len(), text: shown(bytes) };
        let hex: String = self.signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = Part { name: "signature", bytes: self.signature.len(), text: hex };
        vec![json("header", &self.header), json("payload", &self.payload), signature]
    }

    /// Says what stands in the header; what a verifier refuses of it is one check, as it is there.
    pub fn check_header(&self, checks: &mut Checks) {
        match Raw::parse(&self.header) {
            Ok(_) => checks.say("header", true, "an object, no member twice, none that is never accepted"),
            Err(refusal) => {
                let why = "is not JSON, has a member twice, or one that is never accepted (crit, jwk, jku, x5u, zip, …)";
                checks.say("header", false, format!("{refusal}: it {why}"));
            }
        }
        let members: Value = serde_json::from_slice(&self.header).unwrap_or_default();
        let text = |name: &str| members[name].as_str().map(printable);
        let quoted = |name| text(name).map_or_else(|| "none".to_owned(), |text| format!("{text:?}"));
        let is_access = matches!(members["typ"].as_str(), Some("at+jwt" | "application/at+jwt"));
        checks.say("typ", is_access, format!("{}; access tokens have \"at+jwt\"", quoted("typ")));
        let has_kid = members["kid"].as_str().is_some_and(|kid| !kid.is_empty());
        checks.say("kid", has_kid, format!("{}; it names the key", quoted("kid")));
    }

    /// Checks the signature with the one algorithm of the key that the header names.
    pub fn check_signature(&self, material: Option<&Material>, checks: &mut Checks) {
        let raw = Raw::parse(&self.header).unwrap_or_default();
        let alg = printable(raw.alg.as_deref().unwrap_or("none"));
        let Some(material) = material else {
            checks.unknown("alg", format!("{alg}; a key says which it should be"));
            checks.unknown("signature", format!("{} bytes; no key was given", self.signature.len()));
            return;
        };
        let Some(own) = material.algorithm(raw.kid.as_deref()) else {
            checks.say("key", false, format!("{} keys were given, none of this kid", material.count()));
            return;
        };
        checks.say("key", true, material.described(raw.kid.as_deref()));
        checks.say("alg", raw.alg.as_deref() == Some(own), format!("{alg}; that of the key is {own}"));
        let is_good = material.is_signed(&self.compact, raw.kid.as_deref());
        let said = if is_good { "made with the key" } else { "not made with the key, or changed since" };
        checks.say("signature", is_good, format!("{} bytes, {said}", self.signature.len()));
    }
}

fn is_known(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// JSON over several lines, and anything else as text.
fn shown(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => printable(&format!("{value:#}")),
        Err(_) => printable(&String::from_utf8_lossy(bytes)),
    }
}
