use serde::de::{Error, MapAccess};

use super::members::{Members, Unique};
use super::{Refusal, TYP};

/// The protected header of an access token (RFC 7515 §4, RFC 9068 §2.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub alg: String,
    pub kid: String,
}

impl Header {
    /// Reads a header. Everything that could change how the token is to be understood is refused: extensions (`crit`),
    /// keys and addresses of keys that the sender brings along, compression, encryption, unencoded payloads.
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let raw = Raw::parse(json)?;
        if raw.typ.is_none_or(|typ| typ != TYP && typ != "application/at+jwt") {
            return Err(Refusal::Invalid("typ is not at+jwt"));
        }
        Ok(Self {
            alg: raw.alg.ok_or(Refusal::Invalid("no alg"))?,
            kid: raw.kid.filter(|kid| !kid.is_empty()).ok_or(Refusal::Invalid("no kid"))?,
        })
    }
}

/// What is read of any header, before it is asked whose it is.
#[derive(Default)]
pub(super) struct Raw {
    pub alg: Option<String>,
    pub typ: Option<String>,
    pub kid: Option<String>,
}

impl Raw {
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let Unique(raw) = serde_json::from_slice::<Unique<Self>>(json)
            .map_err(|_| Refusal::Invalid("the header is not a strict JSON object"))?;
        Ok(raw)
    }
}

const REFUSED: [&str; 11] =
    ["crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip", "enc", "cty"];

impl<'de> Members<'de> for Raw {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "alg" => self.alg = Some(map.next_value()?),
            "typ" => self.typ = Some(map.next_value()?),
            "kid" => self.kid = Some(map.next_value()?),
            refused if REFUSED.contains(&refused) => {
                return Err(A::Error::custom("a header that is never accepted"));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
