//! Tokens by hand: what one says, and how one is made.

mod encode;
mod explain;

use clap::Subcommand;

use self::encode::Encode;
use self::explain::Explain;
use super::beside;
use crate::config::Settings;
use crate::service::Auth;

#[derive(Subcommand)]
pub(super) enum Token {
    /// Says what a token contains, and of each check of a verifier what it finds and whether it passes.
    ///
    /// It is held against the issuer and the audience that --issuer and --audience name. Its signature is checked with a
    /// key or a secret that is given, else with the issuer's keys, which are fetched from
    /// {issuer}/.well-known/jwks.json: nobody is asked for anything else, and the token stays on this machine.
    ///
    /// Exit code 1 where a check fails.
    Explain(Explain),
    /// Makes a token by hand, to learn from: with a key or a secret of its own that no service believes.
    ///
    /// The token is printed on standard output, and what it was signed with on standard error unless a file is named.
    Encode(Encode),
    /// Ends one access token by its `jti`: one of ours, or an old one of another issuer that services still take.
    ///
    /// It is refused everywhere within 100 ms while a server runs that reaches them. What ends a session, or all tokens of a
    /// person, ends more than this: see `users disable` and the log-outs.
    Revoke {
        /// The token's claim `jti`, as `token explain` shows it.
        jti: String,
    },
}

impl Token {
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        match self {
            Self::Explain(explain) => explain.run(settings.leeway).await,
            Self::Encode(encode) => encode.run(&settings),
            Self::Revoke { jti } => beside(settings, async |auth| revoke(auth, jti).await).await,
        }
    }
}

async fn revoke(auth: &Auth, jti: String) -> anyhow::Result<()> {
    auth.revoke_token(jti).await?;
    println!("It is refused everywhere.");
    Ok(())
}
