use std::io::{self, IsTerminal};

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use common::clock::Clock;
use zeroize::Zeroizing;

use crate::app;
use crate::config::Settings;
use crate::domain::Password;
use crate::domain::password::Refused;
use crate::error::Error;
use crate::service::Auth;
use crate::service::admin::Promoted;
use crate::service::background::Background;

#[derive(Subcommand)]
pub(super) enum Users {
    /// Gives an account a new password, read from standard input, and ends its sessions.
    SetPassword {
        /// The account's address, user name or id.
        who: String,
    },
    /// Makes somebody an administrator, who may call /v1/admin: the first one, whom nobody else could make one.
    ///
    /// Access tokens of theirs end, and their sessions go on: the next refresh gives tokens with the role.
    Promote {
        /// The account's address, user name or id.
        who: String,
        /// Even where nobody has shown yet that the address is theirs.
        #[arg(long)]
        unverified: bool,
    },
    /// Closes an account: its sessions end, and nobody logs in to it.
    Disable {
        /// The account's address, user name or id.
        who: String,
    },
}

/// As for people who choose their own.
const LEAST_SCORE: u8 = 2;

impl Users {
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let db = app::open(&settings)?;
        app::migrate(&db).await?;
        let mut background = Background::default();
        let auth = app::start(settings, db, Clock::system(), &mut background).await?;
        match self {
            Self::SetPassword { who } => set_password(&auth, &who).await,
            Self::Promote { who, unverified } => promote(&auth, &who, unverified).await,
            Self::Disable { who } => auth.disable(&who).await.map_err(explained),
        }
    }
}

async fn set_password(auth: &Auth, who: &str) -> anyhow::Result<()> {
    let text = read_password().context("the password cannot be read from standard input")?;
    let password = Password::chosen(&text, &[who], LEAST_SCORE).map_err(|refused| match refused {
        Refused::Unfit(unfit) => anyhow!("the password: {}", unfit.detail),
        Refused::Weak(reasons) => anyhow!("the password is too easy to guess. {}", reasons.join(" ")),
    })?;
    auth.set_password(who, &password).await.map_err(explained)
}

async fn promote(auth: &Auth, who: &str, even_unverified: bool) -> anyhow::Result<()> {
    match auth.promote(who, even_unverified).await.map_err(explained)? {
        Promoted::Done => println!("{who} is an administrator."),
        Promoted::Before => println!("{who} was an administrator before."),
        Promoted::Unverified => bail!("the address is not verified: let them verify it, or say --unverified"),
    }
    Ok(())
}

/// Reads a line: a password on the command line would show in the list of processes.
fn read_password() -> io::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        eprintln!("New password (it shows while you type):");
    }
    let mut line = Zeroizing::new(String::new());
    io::stdin().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::NotFound => anyhow!("there is no such account"),
        error => error.into(),
    }
}
