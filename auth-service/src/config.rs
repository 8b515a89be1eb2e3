//! The settings of auth-service (API.md §5).

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// What an operator decided, checked and complete.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub database_url: String,
    pub database_pool: u32,
    pub secrets_dir: PathBuf,
    /// Holds a password, so it is never logged.
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
    pub rate_limits: bool,
    pub public_url: Url,
    pub legacy_token_header: bool,
    pub workers: usize,
}

/// What access tokens are signed with (RFC 7518 §3.1, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlg {
    Es256,
    EdDsa,
    Rs256,
}
