//! Tokens by hand: what one says, and how one is made.

mod encode;
mod explain;

use clap::Subcommand;

use self::encode::Encode;
use self::explain::Explain;
use crate::config::Settings;

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
}

impl Token {
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        match self {
            Self::Explain(explain) => explain.run(settings.leeway).await,
            Self::Encode(encode) => encode.run(settings),
        }
    }
}
