use serde::Serialize;
use serde::de::MapAccess;

use super::members::{Members, Unique};
use super::{MAX_LIFETIME_SECS, Refusal};

/// What an access token says (RFC 9068 §2.2). Times are seconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claims {
    pub iss: String,
    /// Whose token it is: a person's id, or `client:{id}`.
    pub sub: String,
    pub aud: Vec<String>,
    pub exp: i64,
    pub iat: i64,
    pub jti: String,
    pub client_id: String,
    /// The subject's token version: tokens of an older one are refused.
    pub uv: i64,
    /// What it permits, separated by spaces (RFC 6749 §3.3).
    pub scope: String,
    /// What only the tokens of people say; services have none of it.
    #[serde(flatten)]
    pub person: Option<Person>,
}

/// What only the tokens of people say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// The session that the token belongs to, and ends with; empty for the old token of another issuer.
    pub sid: String,
    pub roles: Vec<String>,
    /// When the person last proved who they are, in seconds since 1970.
    pub auth_time: i64,
    /// How they did (RFC 8176).
    pub amr: Vec<String>,
    /// SHA-256₁₂₈ of the CSRF token, where cookies carry the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
    /// What an operator agreed with the services of their house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ext: Option<serde_json::Value>,
}

impl Claims {
    /// Reads a claim set strictly: the profile's own claims all there and of their type, none twice.
    pub(super) fn parse(json: &[u8]) -> Result<(Self, Option<i64>), Refusal> {
        let Unique(raw) = serde_json::from_slice::<Unique<Raw>>(json).map_err(|_| {
            Refusal::Invalid("the claims are not a strict JSON object of the profile's types")
        })?;
        let not_before = raw.nbf;
        Ok((
            raw.complete().ok_or(Refusal::Invalid("a claim of the profile is missing or malformed"))?,
            not_before,
        ))
    }

    /// True when `scope` names it.
    pub fn permits(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }

    /// True when it is a person's and carries the role.
    pub fn has_role(&self, role: &str) -> bool {
        self.person.as_ref().is_some_and(|person| person.roles.iter().any(|has| has == role))
    }

    /// Checks its times at `now`, all in seconds: a leeway for clocks that differ, and a grace for one that is over.
    pub(super) fn check_times(
        &self,
        not_before: Option<i64>,
        now: i64,
        leeway: i64,
        grace: i64,
    ) -> Result<(), Refusal> {
        let life = self.exp.checked_sub(self.iat).ok_or(Refusal::Invalid("exp or iat out of range"))?;
        if life <= 0 || life > MAX_LIFETIME_SECS {
            return Err(Refusal::Invalid("its life is not between a second and an hour"));
        }
        if self.iat < 0 || self.exp < 0 {
            return Err(Refusal::Invalid("exp or iat out of range"));
        }
        if self.iat > now + leeway || not_before.is_some_and(|nbf| nbf > now + leeway) {
            return Err(Refusal::Invalid("not valid yet"));
        }
        self.check_expiry(now, leeway + grace)
    }

    /// Checks that it is not over: at `exp` + leeway it is (RFC 7519 §4.1.4).
    pub(super) fn check_expiry(&self, now: i64, leeway: i64) -> Result<(), Refusal> {
        if now >= self.exp + leeway { Err(Refusal::Expired) } else { Ok(()) }
    }
}

/// The claims of the profile as they come, each of its type.
#[derive(Default)]
pub(super) struct Raw {
    pub iss: Option<String>,
    pub sub: Option<String>,
    pub aud: Option<Vec<String>>,
    pub exp: Option<i64>,
    pub iat: Option<i64>,
    pub nbf: Option<i64>,
    pub jti: Option<String>,
    pub client_id: Option<String>,
    pub uv: Option<i64>,
    pub scope: Option<String>,
    pub sid: Option<String>,
    pub roles: Option<Vec<String>>,
    pub auth_time: Option<i64>,
    pub amr: Option<Vec<String>>,
    pub csrf: Option<String>,
    pub ext: Option<serde_json::Value>,
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
            "client_id" => self.client_id = Some(map.next_value()?),
            "uv" => self.uv = Some(map.next_value()?),
            "scope" => self.scope = Some(map.next_value()?),
            "sid" => self.sid = Some(map.next_value()?),
            "roles" => self.roles = Some(map.next_value()?),
            "auth_time" => self.auth_time = Some(map.next_value()?),
            "amr" => self.amr = Some(map.next_value()?),
            "csrf" => self.csrf = Some(map.next_value()?),
            "ext" => self.ext = Some(map.next_value()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Raw {
    fn complete(self) -> Option<Claims> {
        let sub = self.sub.filter(|sub| is_identifier(sub, 255))?;
        let is_service = sub.starts_with("client:");
        let has_session = self.sid.is_some() || self.roles.is_some() || self.auth_time.is_some();
        let person = if is_service {
            if has_session {
                return None;
            }
            None
        } else {
            Some(Person {
                sid: self.sid.filter(|sid| is_identifier(sid, 128))?,
                roles: self.roles?,
                auth_time: self.auth_time?,
                amr: self.amr?,
                csrf: self.csrf,
                ext: self.ext,
            })
        };
        Some(Claims {
            iss: self.iss?,
            sub,
            aud: self.aud?,
            exp: self.exp?,
            iat: self.iat?,
            jti: self.jti.filter(|jti| is_identifier(jti, 128))?,
            client_id: self.client_id.filter(|client| is_identifier(client, 255))?,
            uv: self.uv.filter(|uv| *uv >= 0)?,
            scope: self.scope?,
            person,
        })
    }
}

/// True for what can name something: not empty, not too long, no blanks at its ends, no control characters.
pub(super) fn is_identifier(text: &str, max: usize) -> bool {
    !text.is_empty() && text.len() <= max && text.trim() == text && !text.chars().any(char::is_control)
}
