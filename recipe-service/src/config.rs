//! The settings of recipe-service (API.md §5): read as text, checked, complete.

mod images;
mod legacy;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser};
use common::limits::Limit;
use common::settings::{BadValue, Refused, Variables, boolean, duration, list, number, parse};
use common::web::Edge;
use url::Url;

pub use self::images::{Bucket, ImageSettings, ImagesFlags};
pub use self::legacy::{Legacy, LegacyFlags, LegacyTokens};
use crate::egress::Web;

/// What an operator decided, checked and complete.
#[derive(Clone)]
pub struct Settings {
    pub listen: String,
    pub ops_listen: String,
    /// Holds a password, so it is never logged.
    pub database_url: String,
    pub database_pool: u32,
    pub secrets_dir: PathBuf,
    pub images: ImageSettings,
    /// Holds a password, so it is never logged.
    pub redis_url: Option<String>,
    pub redis_prefix: String,
    /// The claim `iss` of the tokens that are believed, exactly as it is in them.
    pub issuer: String,
    /// Whom tokens must be meant for.
    pub audience: String,
    pub jwks_url: Url,
    pub feed_urls: Vec<Url>,
    /// Whether sealed tokens are opened.
    pub seal_tokens: bool,
    pub leeway: Duration,
    pub stale_after: Duration,
    pub blind_after: Duration,
    pub public_url: Url,
    pub legacy: Legacy,
    pub edge: Edge,
    /// What pages to import are fetched from, if they are.
    pub web: Option<Web>,
    /// How many pages a person may have fetched, if that is limited.
    pub fetch_limit: Option<Limit>,
    pub workers: usize,
}

impl Settings {
    /// The settings that variables alone make: for a program that embeds this service.
    ///
    /// # Errors
    /// A value that cannot be used.
    pub fn from_variables(variables: &Variables) -> Result<Self, BadValue> {
        match parse::<VariablesAlone>(["recipe-service"], variables) {
            Ok(parsed) => parsed.flags.settings(),
            Err(Refused::Value(bad)) => Err(bad),
            Err(Refused::Usage(_)) => unreachable!("BUG: without a flag there is no wrong one"),
        }
    }
}

/// Says nothing of the URLs, which may hold passwords.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[derive(Parser)]
struct VariablesAlone {
    #[command(flatten)]
    flags: Flags,
}

/// The settings as flags and variables.
#[derive(Args, Clone)]
pub struct Flags {
    /// Where everyone is served.
    #[arg(long, env = "RECIPES_LISTEN", default_value = "127.0.0.1:8082", global = true)]
    listen: String,

    /// Where operators are served: /livez, /readyz, /metrics.
    #[arg(long, env = "RECIPES_OPS_LISTEN", default_value = "127.0.0.1:9082", global = true)]
    ops_listen: String,

    /// The folder for everything that is kept in files.
    #[arg(long, env = "RECIPES_DATA_DIR", default_value = "./data", global = true)]
    data_dir: String,

    /// `postgres://…` or `sqlite://path`; `sqlite://{DATA_DIR}/recipes.db` unless given.
    #[arg(long, env = "RECIPES_DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,

    /// How many connections to the database, at most.
    #[arg(long, env = "RECIPES_DATABASE_POOL", default_value = "8", global = true)]
    database_pool: String,

    /// The folder of secrets, which `auth-service secrets` makes; `{DATA_DIR}/secrets` unless given.
    #[arg(long, env = "RECIPES_SECRETS_DIR", global = true)]
    secrets_dir: Option<String>,

    /// `redis://[user:password@]host:port/`: the fast lane of revocations. Without, they come over the feed alone.
    #[arg(long, env = "RECIPES_REDIS_URL", hide_env_values = true, global = true)]
    redis_url: Option<String>,

    /// What the names in Redis begin with.
    #[arg(long, env = "RECIPES_REDIS_PREFIX", default_value = "jipbap", global = true)]
    redis_prefix: String,

    /// Whose tokens are believed: auth-service's AUTH_ISSUER.
    #[arg(long, env = "RECIPES_ISSUER", default_value = "http://localhost:8081", global = true)]
    issuer: String,

    /// The audience that tokens must name.
    #[arg(long, env = "RECIPES_AUDIENCE", default_value = "recipes", global = true)]
    audience: String,

    /// Where the issuer's public keys are; `{ISSUER}/.well-known/jwks.json` unless given.
    #[arg(long, env = "RECIPES_JWKS_URL", global = true)]
    jwks_url: Option<String>,

    /// The ops listeners of the copies of auth-service, a list.
    #[arg(long, env = "RECIPES_FEED_URL", default_value = "http://127.0.0.1:9081", global = true)]
    feed_url: String,

    /// Whether sealed tokens (JWE) are taken, too: before auth-service is told to seal them, so is this.
    #[arg(long, env = "RECIPES_SEAL_TOKENS", default_value = "false", global = true)]
    seal_tokens: String,

    /// How far clocks may differ; at most 5m.
    #[arg(long, env = "RECIPES_LEEWAY", default_value = "30s", global = true)]
    leeway: String,

    /// After how long a silence of the feed writes are refused.
    #[arg(long, env = "RECIPES_STALE_AFTER", default_value = "5s", global = true)]
    stale_after: String,

    /// After how long a silence of the feed every token is refused; at most 1h.
    #[arg(long, env = "RECIPES_BLIND_AFTER", default_value = "30s", global = true)]
    blind_after: String,

    /// Where the world reaches this service.
    #[arg(long, env = "RECIPES_PUBLIC_URL", default_value = "http://localhost:8082", global = true)]
    public_url: String,

    /// How many threads serve requests; as many as there are cores unless given.
    #[arg(long, env = "RECIPES_WORKERS", global = true)]
    workers: Option<String>,

    /// Whether pages to import are fetched from the web where someone names their address. It lets them ask from where
    /// the service stands: public addresses alone, at the ports 80 and 443.
    #[arg(long, env = "RECIPES_FETCH_URLS", default_value = "false", global = true)]
    fetch_urls: String,

    #[command(flatten)]
    edge: EdgeFlags,

    #[command(flatten)]
    images: ImagesFlags,

    #[command(flatten)]
    legacy: LegacyFlags,

    #[command(flatten)]
    limits: LimitFlags,
}

common::edge_flags!(pub EdgeFlags, "RECIPES");

#[derive(Args, Clone)]
#[command(next_help_heading = "Limits of rates, as NUMBER/TIME")]
struct LimitFlags {
    /// Whether calls are limited: on, or off for benchmarks.
    #[arg(long, env = "RECIPES_RATE_LIMITS", default_value = "on", global = true)]
    rate_limits: String,
    /// Pages that are fetched for a person.
    #[arg(long, env = "RECIPES_LIMIT_FETCHES", default_value = "60/10m", global = true)]
    limit_fetches: String,
}

impl LimitFlags {
    /// What the text means; `None` where calls are not limited.
    fn of_fetches(&self) -> Result<Option<Limit>, BadValue> {
        let limit = Limit::parse("RECIPES_LIMIT_FETCHES", &self.limit_fetches)?;
        Ok(boolean("RECIPES_RATE_LIMITS", &self.rate_limits)?.then_some(limit))
    }
}

const MAX_LEEWAY: Duration = Duration::from_secs(5 * 60);
/// The longest life of an access token: beyond it nothing is left to be revoked.
const MAX_BLINDNESS: Duration = Duration::from_secs(60 * 60);

impl Flags {
    /// Reads the texts.
    ///
    /// # Errors
    /// Names the variable of the first that makes no sense.
    pub fn settings(self) -> Result<Settings, BadValue> {
        let data_dir = PathBuf::from(&self.data_dir);
        let default_database = || format!("sqlite://{}", data_dir.join("recipes.db").display());
        let (stale_after, blind_after) = bounds(&self.stale_after, &self.blind_after)?;
        let issuer_url = web_address("RECIPES_ISSUER", &self.issuer)?;
        Ok(Settings {
            listen: self.listen,
            ops_listen: self.ops_listen,
            database_url: self.database_url.unwrap_or_else(default_database),
            database_pool: number("RECIPES_DATABASE_POOL", &self.database_pool, 1, 1_000)?,
            secrets_dir: self.secrets_dir.map_or_else(|| data_dir.join("secrets"), PathBuf::from),
            images: self.images.settings(&data_dir)?,
            redis_url: self.redis_url,
            redis_prefix: self.redis_prefix,
            issuer: self.issuer,
            audience: filled("RECIPES_AUDIENCE", self.audience)?,
            jwks_url: jwks_url(self.jwks_url.as_deref(), &issuer_url)?,
            feed_urls: feed_urls(&self.feed_url)?,
            seal_tokens: boolean("RECIPES_SEAL_TOKENS", &self.seal_tokens)?,
            leeway: leeway(&self.leeway)?,
            stale_after,
            blind_after,
            public_url: web_address("RECIPES_PUBLIC_URL", &self.public_url)?,
            legacy: self.legacy.legacy()?,
            edge: self.edge.edge()?,
            web: boolean("RECIPES_FETCH_URLS", &self.fetch_urls)?.then(Web::default),
            fetch_limit: self.limits.of_fetches()?,
            workers: workers(self.workers.as_deref())?,
        })
    }
}

fn bounds(stale_after: &str, blind_after: &str) -> Result<(Duration, Duration), BadValue> {
    let stale_after = duration("RECIPES_STALE_AFTER", stale_after)?;
    let blind_after = duration("RECIPES_BLIND_AFTER", blind_after)?;
    if stale_after.is_zero() || stale_after > blind_after {
        return Err(BadValue::new(
            "RECIPES_STALE_AFTER",
            "must be above zero and not above RECIPES_BLIND_AFTER",
        ));
    }
    if blind_after > MAX_BLINDNESS {
        return Err(BadValue::new(
            "RECIPES_BLIND_AFTER",
            "must not be above 1h, the longest life of a token",
        ));
    }
    Ok((stale_after, blind_after))
}

fn leeway(text: &str) -> Result<Duration, BadValue> {
    let leeway = duration("RECIPES_LEEWAY", text)?;
    if leeway > MAX_LEEWAY {
        return Err(BadValue::new("RECIPES_LEEWAY", "must not be above 5m"));
    }
    Ok(leeway)
}

fn jwks_url(given: Option<&str>, issuer: &Url) -> Result<Url, BadValue> {
    if let Some(given) = given {
        return web_address("RECIPES_JWKS_URL", given);
    }
    let issuer = issuer.as_str().trim_end_matches('/');
    web_address("RECIPES_ISSUER", &format!("{issuer}/.well-known/jwks.json"))
}

fn feed_urls(text: &str) -> Result<Vec<Url>, BadValue> {
    let urls: Vec<Url> =
        list(text).iter().map(|url| web_address("RECIPES_FEED_URL", url)).collect::<Result<_, _>>()?;
    if urls.is_empty() {
        return Err(BadValue::new("RECIPES_FEED_URL", "names no address"));
    }
    Ok(urls)
}

fn web_address(variable: &str, text: &str) -> Result<Url, BadValue> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        BadValue::new(variable, format!("{text:?} is not an address such as http://localhost:8082"))
    })
}

fn filled(variable: &str, text: String) -> Result<String, BadValue> {
    if text.trim().is_empty() { Err(BadValue::new(variable, "must not be empty")) } else { Ok(text) }
}

fn workers(text: Option<&str>) -> Result<usize, BadValue> {
    match text {
        Some(text) => number("RECIPES_WORKERS", text, 1, 1_024),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}
