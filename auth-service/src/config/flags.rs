use clap::{Args, Parser};
use common::settings::{BadValue, Refused, Variables, parse};

use super::limits::Limits;
use super::mail::Mail;

/// Every setting as text, so that a bad value is refused by the name of its variable.
#[derive(Args, Clone)]
pub struct Flags {
    #[command(flatten)]
    pub(super) listening: Listening,
    #[command(flatten)]
    pub(super) edge: EdgeFlags,
    #[command(flatten)]
    pub(super) storage: Storage,
    #[command(flatten)]
    pub(super) tokens: Tokens,
    #[command(flatten)]
    pub(super) people: People,
    #[command(flatten)]
    pub(super) mail: Mail,
    #[command(flatten)]
    pub(super) limits: Limits,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Listening")]
pub(super) struct Listening {
    /// Where people and services reach it.
    #[arg(long, env = "AUTH_LISTEN", default_value = "127.0.0.1:8081", global = true)]
    pub listen: String,
    /// Where probes, metrics and the internal feeds are: never open to the world.
    #[arg(long, env = "AUTH_OPS_LISTEN", default_value = "127.0.0.1:9081", global = true)]
    pub ops_listen: String,
    /// How many threads serve [default: one a core].
    #[arg(long, env = "AUTH_WORKERS", global = true)]
    pub workers: Option<String>,
    /// The address that the world knows it by: in links and in the types of problems [default: the issuer].
    #[arg(long, env = "AUTH_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Whether tokens are taken from the header x-access-token, too.
    #[arg(long, env = "AUTH_LEGACY_TOKEN_HEADER", default_value = "false", global = true)]
    pub legacy_token_header: String,
    /// Whether what is wrong with a token is answered as Flask-JWT-Extended does: {"msg"}, and its statuses.
    #[arg(long, env = "AUTH_LEGACY_ERRORS", default_value = "false", global = true)]
    pub legacy_errors: String,
}

common::edge_flags!(pub EdgeFlags, "AUTH");

#[derive(Args, Clone)]
#[command(next_help_heading = "Storage")]
pub(super) struct Storage {
    /// The folder of what has no other place.
    #[arg(long, env = "AUTH_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: String,
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE [default: sqlite://{data dir}/auth.db].
    #[arg(long, env = "AUTH_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// How many connections to the database at most.
    #[arg(long, env = "AUTH_DATABASE_POOL", default_value = "8", global = true)]
    pub database_pool: String,
    /// The folder of secrets; made beside an empty database [default: {data dir}/secrets].
    #[arg(long, env = "AUTH_SECRETS_DIR", global = true)]
    pub secrets_dir: Option<String>,
    /// redis://USER:PASSWORD@HOST:PORT/, which makes revocations instant [default: none].
    #[arg(long, env = "AUTH_REDIS_URL", hide_env_values = true, global = true)]
    pub redis_url: Option<String>,
    /// What every key and channel in Redis begins with.
    #[arg(long, env = "AUTH_REDIS_PREFIX", default_value = "jipbap", global = true)]
    pub redis_prefix: String,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Tokens")]
pub(super) struct Tokens {
    /// The claim iss, and where the keys are found: {issuer}/.well-known/jwks.json.
    #[arg(long, env = "AUTH_ISSUER", default_value = "http://localhost:8081", global = true)]
    pub issuer: String,
    /// The audience that this service itself answers to.
    #[arg(long, env = "AUTH_AUDIENCE", default_value = "auth", global = true)]
    pub audience: String,
    /// The audiences of a person's tokens, unless fewer are asked for.
    #[arg(long, env = "AUTH_AUDIENCES", default_value = "auth,recipes", global = true)]
    pub audiences: String,
    /// The scopes of a person's tokens, unless fewer are asked for.
    #[arg(long, env = "AUTH_SCOPES", default_value = "recipes:read recipes:write", global = true)]
    pub scopes: String,
    /// What new signing keys are for: ES256, EdDSA or RS256.
    #[arg(long, env = "AUTH_SIGNING_ALG", default_value = "ES256", global = true)]
    pub signing_alg: String,
    /// Whether access tokens are sealed (JWE), so that only services with the key read them: true, false, or open, to
    /// accept sealed ones and give out none.
    #[arg(long, env = "AUTH_SEAL_TOKENS", default_value = "false", global = true)]
    pub seal_tokens: String,
    /// How long an access token lives, at most 1h.
    #[arg(long, env = "AUTH_ACCESS_TTL", default_value = "15m", global = true)]
    pub access_ttl: String,
    /// How far clocks may differ, at most 5m.
    #[arg(long, env = "AUTH_LEEWAY", default_value = "30s", global = true)]
    pub leeway: String,
    /// For how long a new signing key is published before it signs.
    #[arg(long, env = "AUTH_KEY_LEAD", default_value = "2m", global = true)]
    pub key_lead: String,
    /// After how long without a refresh a session ends.
    #[arg(long, env = "AUTH_REFRESH_IDLE_TTL", default_value = "30d", global = true)]
    pub refresh_idle_ttl: String,
    /// After how long a session ends anyway.
    #[arg(long, env = "AUTH_REFRESH_MAX_TTL", default_value = "90d", global = true)]
    pub refresh_max_ttl: String,
    /// For how long a used refresh token gets the same answer once more.
    #[arg(long, env = "AUTH_ROTATION_WINDOW", default_value = "10s", global = true)]
    pub rotation_window: String,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "People")]
pub(super) struct People {
    /// Whether strangers may sign up: open or closed.
    #[arg(long, env = "AUTH_SIGNUP", default_value = "open", global = true)]
    pub signup: String,
    /// The cost of hashing a password with bcrypt, 10 to 15: each step doubles it.
    #[arg(long, env = "AUTH_BCRYPT_COST", default_value = "12", global = true)]
    pub bcrypt_cost: String,
    /// How many passwords are hashed at once [default: one a core].
    #[arg(long, env = "AUTH_HASH_THREADS", global = true)]
    pub hash_threads: Option<String>,
}

#[derive(Parser)]
struct VariablesAlone {
    #[command(flatten)]
    flags: Flags,
}

impl Flags {
    pub(super) fn from_variables(variables: &Variables) -> Result<Self, BadValue> {
        match parse::<VariablesAlone>(["auth-service"], variables) {
            Ok(parsed) => Ok(parsed.flags),
            Err(Refused::Value(bad)) => Err(bad),
            Err(Refused::Usage(_)) => unreachable!("BUG: without a flag there is no wrong one"),
        }
    }
}
