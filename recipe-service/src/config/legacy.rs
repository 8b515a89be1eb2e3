use clap::Args;
use common::settings::{BadValue, boolean};
use common::time::Instant;
use common::token::LegacySecret;

/// What is taken from, and answered to, those who come from another system.
#[derive(Clone)]
pub struct Legacy {
    /// Whether tokens are taken from the header `x-access-token`, too.
    pub token_header: bool,
    /// Whether what is wrong with a token is answered as Flask-JWT-Extended does.
    pub errors: bool,
    /// Another issuer's old tokens.
    pub tokens: Option<LegacyTokens>,
}

/// Whose old tokens are taken, and until when.
#[derive(Clone)]
pub struct LegacyTokens {
    pub secret: LegacySecret,
    /// Their `iss`; none where they have none.
    pub issuer: Option<String>,
    pub until: Instant,
}

/// For the time of a move from another system.
#[derive(Args, Clone)]
#[command(next_help_heading = "Moving here from another system")]
pub struct LegacyFlags {
    /// Whether tokens are taken from the header `x-access-token`, too.
    #[arg(long, env = "RECIPES_LEGACY_TOKEN_HEADER", default_value = "false", global = true)]
    legacy_token_header: String,

    /// Whether what is wrong with a token is answered as Flask-JWT-Extended does: `{"msg"}`, and its statuses.
    #[arg(long, env = "RECIPES_LEGACY_ERRORS", default_value = "false", global = true)]
    legacy_errors: String,

    /// The secret by which another issuer signs (HS256), at least 32 bytes: its access tokens are taken, too.
    ///
    /// They name no key (`kid`), live an hour at most and say `type: access`, as Flask-JWT-Extended makes them. Their `sub` is
    /// the `external_id` of a person; whoever was disabled, deleted or logged out everywhere here does not get in with one.
    #[arg(long, env = "RECIPES_LEGACY_HS256_SECRET", hide_env_values = true, global = true)]
    legacy_hs256_secret: Option<String>,

    /// That issuer's name, as the claim `iss` has it; without, its tokens must have none.
    #[arg(long, env = "RECIPES_LEGACY_ISSUER", global = true)]
    legacy_issuer: Option<String>,

    /// From when on its tokens are not taken any more: 2027-01-31 or 2027-01-31T12:00:00Z, UTC. Needed with the secret.
    #[arg(long, env = "RECIPES_LEGACY_UNTIL", global = true)]
    legacy_until: Option<String>,
}

impl LegacyFlags {
    /// Reads the texts.
    ///
    /// # Errors
    /// Names the variable of the first that makes no sense.
    pub fn legacy(self) -> Result<Legacy, BadValue> {
        let token_header = boolean("RECIPES_LEGACY_TOKEN_HEADER", &self.legacy_token_header)?;
        let errors = boolean("RECIPES_LEGACY_ERRORS", &self.legacy_errors)?;
        Ok(Legacy { token_header, errors, tokens: self.tokens()? })
    }

    fn tokens(self) -> Result<Option<LegacyTokens>, BadValue> {
        let Some(secret) = self.legacy_hs256_secret else {
            return self.nothing_without_a_secret();
        };
        let secret = LegacySecret::parse(&secret)
            .map_err(|error| BadValue::new("RECIPES_LEGACY_HS256_SECRET", error.to_string()))?;
        let until = self.legacy_until.ok_or_else(|| {
            BadValue::new(
                "RECIPES_LEGACY_UNTIL",
                "is needed with RECIPES_LEGACY_HS256_SECRET: a date as 2027-01-31",
            )
        })?;
        Ok(Some(LegacyTokens { secret, issuer: self.legacy_issuer, until: date(&until)? }))
    }

    /// Whoever says whose tokens to take, and until when, meant to give a secret.
    fn nothing_without_a_secret(self) -> Result<Option<LegacyTokens>, BadValue> {
        let given =
            [("RECIPES_LEGACY_ISSUER", self.legacy_issuer), ("RECIPES_LEGACY_UNTIL", self.legacy_until)];
        match given.into_iter().find(|(_, value)| value.is_some()) {
            Some((variable, _)) => {
                Err(BadValue::new(variable, "says nothing without RECIPES_LEGACY_HS256_SECRET"))
            }
            None => Ok(None),
        }
    }
}

/// A day in UTC, from its beginning, or a time.
fn date(text: &str) -> Result<Instant, BadValue> {
    let text = text.trim();
    let read = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    read.map_err(|_| {
        BadValue::new(
            "RECIPES_LEGACY_UNTIL",
            format!("{text:?} is no date such as 2027-01-31 or 2027-01-31T12:00:00Z"),
        )
    })
}
