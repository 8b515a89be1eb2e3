//! The settings of auth-service (API.md §5): what an operator says as text, and what it means.

mod check;
mod flags;
mod limits;
mod mail;

use std::path::PathBuf;
use std::time::Duration;

use common::settings::{BadValue, Variables};
use common::web::Edge;

pub use self::flags::Flags;
pub use self::limits::RateLimits;
pub use self::mail::{MailSettings, Smtp, SmtpTls};

/// What an operator decided, checked and complete.
#[derive(Clone)]
pub struct Settings {
    pub listen: String,
    pub ops_listen: String,
    pub workers: usize,
    /// Where the world reaches this service, without a slash at the end.
    pub public_url: String,
    pub legacy_token_header: bool,
    pub legacy_errors: bool,
    pub edge: Edge,

    pub data_dir: PathBuf,
    /// May hold a password, so it is never logged.
    pub database_url: String,
    pub database_pool: u32,
    pub secrets_dir: PathBuf,
    /// May hold a password, so it is never logged.
    pub redis_url: Option<String>,
    pub redis_prefix: String,

    /// The claim `iss`, exactly as it was written.
    pub issuer: String,
    /// The audience that this service itself answers to.
    pub audience: String,
    /// What a person's tokens are good for unless they ask for less.
    pub audiences: Vec<String>,
    /// What a person's tokens permit unless they ask for less.
    pub scopes: Vec<String>,
    pub signing_alg: SigningAlg,
    pub sealing: Sealing,
    pub access_ttl: Duration,
    pub leeway: Duration,
    /// For how long a key is published before it signs.
    pub key_lead: Duration,
    pub refresh_idle_ttl: Duration,
    pub refresh_max_ttl: Duration,
    /// For how long a spent refresh token gets the same successor once more.
    pub rotation_window: Duration,

    pub bcrypt_cost: u32,
    pub hash_threads: usize,
    pub signup_open: bool,
    pub mail: MailSettings,
    /// `None` where calls are not limited.
    pub rate_limits: Option<RateLimits>,
}

impl Settings {
    /// The settings that variables alone make: for a program that embeds this service.
    ///
    /// # Errors
    /// A value that cannot be used.
    pub fn from_variables(variables: &Variables) -> Result<Self, BadValue> {
        Flags::from_variables(variables)?.settings()
    }
}

/// Whether access tokens are sealed (RFC 7516).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// None is given out, none is taken.
    Off,
    /// None is given out; one that another copy gave out is taken.
    Opened,
    On,
}

impl Sealing {
    const NAMES: [(&str, Self); 3] = [("false", Self::Off), ("open", Self::Opened), ("true", Self::On)];
}

/// What access tokens are signed with (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlg {
    Es256,
    EdDsa,
    /// With keys of 3072 bits.
    Rs256,
}

impl SigningAlg {
    const NAMES: [(&str, Self); 3] = [("ES256", Self::Es256), ("EdDSA", Self::EdDsa), ("RS256", Self::Rs256)];

    /// The algorithm of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, alg)| alg)
    }

    /// As a header writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }
}

/// Says nothing of the URLs, which may hold passwords.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
