use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use common::settings::{BadValue, boolean, duration, list, number, one_of};
use url::Url;

use super::flags::{Listening, People, Storage, Tokens};
use super::{Flags, Sealing, Settings, SigningAlg};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

impl Flags {
    /// What the texts mean.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn settings(&self) -> Result<Settings, BadValue> {
        let Self { listening, edge, storage, tokens, people, mail, limits } = self;
        let issuer = issuer(&tokens.issuer)?;
        let refresh_idle_ttl =
            lifetime("AUTH_REFRESH_IDLE_TTL", &tokens.refresh_idle_ttl, SECOND..=3650 * DAY)?;
        let data_dir = PathBuf::from(&storage.data_dir);
        Ok(Settings {
            listen: listening.listen.clone(),
            ops_listen: listening.ops_listen.clone(),
            workers: threads("AUTH_WORKERS", listening.workers.as_deref())?,
            public_url: listening.public_url(&issuer)?,
            legacy_token_header: boolean("AUTH_LEGACY_TOKEN_HEADER", &listening.legacy_token_header)?,
            legacy_errors: boolean("AUTH_LEGACY_ERRORS", &listening.legacy_errors)?,
            edge: edge.edge()?,
            database_url: storage.database_url(),
            database_pool: number("AUTH_DATABASE_POOL", &storage.database_pool, 1, 500)?,
            secrets_dir: storage.secrets_dir.as_ref().map_or_else(|| data_dir.join("secrets"), PathBuf::from),
            data_dir,
            redis_url: storage.redis_url()?,
            redis_prefix: storage.redis_prefix()?,
            issuer,
            audience: tokens.audience()?,
            audiences: words("AUTH_AUDIENCES", &tokens.audiences)?,
            scopes: words("AUTH_SCOPES", &tokens.scopes)?,
            signing_alg: one_of("AUTH_SIGNING_ALG", &tokens.signing_alg, &SigningAlg::NAMES)?,
            sealing: one_of("AUTH_SEAL_TOKENS", &tokens.seal_tokens, &Sealing::NAMES)?,
            access_ttl: lifetime("AUTH_ACCESS_TTL", &tokens.access_ttl, SECOND..=HOUR)?,
            leeway: lifetime("AUTH_LEEWAY", &tokens.leeway, Duration::ZERO..=5 * MINUTE)?,
            key_lead: lifetime("AUTH_KEY_LEAD", &tokens.key_lead, SECOND..=DAY)?,
            refresh_idle_ttl,
            refresh_max_ttl: lifetime(
                "AUTH_REFRESH_MAX_TTL",
                &tokens.refresh_max_ttl,
                refresh_idle_ttl..=3650 * DAY,
            )?,
            rotation_window: lifetime("AUTH_ROTATION_WINDOW", &tokens.rotation_window, SECOND..=5 * MINUTE)?,
            bcrypt_cost: people.bcrypt_cost()?,
            hash_threads: threads("AUTH_HASH_THREADS", people.hash_threads.as_deref())?,
            signup_open: one_of("AUTH_SIGNUP", &people.signup, &[("open", true), ("closed", false)])?,
            mail: mail.settings()?,
            rate_limits: limits.rate_limits()?,
        })
    }
}

impl Listening {
    fn public_url(&self, issuer: &str) -> Result<String, BadValue> {
        let text = self.public_url.as_deref().unwrap_or(issuer);
        Ok(web_address("AUTH_PUBLIC_URL", text)?.trim_end_matches('/').to_owned())
    }
}

impl Storage {
    fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite://{}/auth.db", self.data_dir))
    }

    fn redis_url(&self) -> Result<Option<String>, BadValue> {
        let Some(url) = &self.redis_url else { return Ok(None) };
        let complaint = "not an address such as redis://user:password@host:6379/";
        redis::Client::open(url.as_str()).map_err(|_| BadValue::new("AUTH_REDIS_URL", complaint))?;
        Ok(Some(url.clone()))
    }

    fn redis_prefix(&self) -> Result<String, BadValue> {
        let is_good = |c: char| c.is_ascii_alphanumeric() || "-_.:{}".contains(c);
        if (1..=64).contains(&self.redis_prefix.len()) && self.redis_prefix.chars().all(is_good) {
            return Ok(self.redis_prefix.clone());
        }
        Err(BadValue::new("AUTH_REDIS_PREFIX", "needs 1 to 64 letters, digits or any of - _ . : { }"))
    }
}

impl Tokens {
    fn audience(&self) -> Result<String, BadValue> {
        match words("AUTH_AUDIENCE", &self.audience)?.as_slice() {
            [audience] => Ok(audience.clone()),
            _ => Err(BadValue::new("AUTH_AUDIENCE", "there is one audience that a service answers to")),
        }
    }
}

impl People {
    fn bcrypt_cost(&self) -> Result<u32, BadValue> {
        // Tests hash often and have nothing to lose.
        let least = if cfg!(feature = "testing") { 4 } else { 10 };
        number("AUTH_BCRYPT_COST", &self.bcrypt_cost, least, 15)
    }
}

/// A number of threads, one a core where nothing is said.
fn threads(variable: &str, text: Option<&str>) -> Result<usize, BadValue> {
    match text {
        Some(text) => number(variable, text, 1, 256),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

fn lifetime(variable: &str, text: &str, bounds: RangeInclusive<Duration>) -> Result<Duration, BadValue> {
    let lifetime = duration(variable, text)?;
    if bounds.contains(&lifetime) {
        return Ok(lifetime);
    }
    let (least, most) = (bounds.start().as_secs(), bounds.end().as_secs());
    Err(BadValue::new(variable, format!("{text} is not between {least}s and {most}s")))
}

/// The issuer stays as it was written: tokens are compared with it letter by letter.
fn issuer(text: &str) -> Result<String, BadValue> {
    web_address("AUTH_ISSUER", text)
}

fn web_address(variable: &str, text: &str) -> Result<String, BadValue> {
    let url = Url::parse(text).ok().filter(|url| {
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain && url.password().is_none()
    });
    match url {
        Some(_) => Ok(text.to_owned()),
        None => Err(BadValue::new(
            variable,
            format!("{text:?} is not an address such as https://auth.example.org"),
        )),
    }
}

/// Words as scopes are made of (RFC 6749 §3.3), at least one.
fn words(variable: &str, text: &str) -> Result<Vec<String>, BadValue> {
    let words = list(text);
    let is_good = |word: &String| word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
    if words.is_empty() || !words.iter().all(is_good) {
        return Err(BadValue::new(variable, "needs words of printable ASCII without quotes and backslashes"));
    }
    Ok(words)
}
