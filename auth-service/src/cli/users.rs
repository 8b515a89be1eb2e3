use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use common::settings::Output;
use serde_json::json;
use zeroize::Zeroizing;

use super::import;
use crate::domain::Password;
use crate::domain::password::Refused;
use crate::error::Error;
use crate::service::Auth;
use crate::service::admin::Promoted;

#[derive(Subcommand)]
pub(super) enum Users {
    /// Gives an account a new password, read from standard input, and ends its sessions.
    SetPassword {
        /// The account's address, user name or id.
        who: String,
        #[command(flatten)]
        output: Output,
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
        #[command(flatten)]
        output: Output,
    },
    /// Takes over accounts of another system, with the hashes of their passwords.
    ///
    /// FILE has one account a line, as JSON: {"email", "username", "external_id", "password_hash", "name",
    /// "email_verified", "roles", "created_at"}; all but password_hash may be absent, if there is an email or a username.
    ///
    /// Hashes of bcrypt ($2a$, $2b$, $2y$), Argon2, scrypt and PBKDF2 are taken, as Werkzeug and passlib write them. At
    /// their next login each is replaced by one of ours.
    ///
    /// An account that is here already is skipped, so that an import can be run again. A line that cannot be taken is
    /// reported, and makes the command exit with 1; all others are imported nevertheless.
    Import {
        /// A file of JSON lines.
        file: PathBuf,
        /// Writes the external_id into the claim `ext` of their tokens, too: services whose tables have the old ids still
        /// join by `ext.external_id`, without asking anyone.
        #[arg(long)]
        claim: bool,
        /// Only checks and reports.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Hashes passwords with the newest pepper from now on; those that are stored, at their next login.
    ///
    /// First write a new pepper beside the old one, with the next number, on every machine that runs auth-service:
    ///
    /// umask 077; head -c 32 /dev/urandom | basenc --base64url | tr -d = > {SECRETS_DIR}/auth/pepper.2
    ///
    /// Then run this on one of them. Running servers use it within a minute. The old one stays: passwords of people who
    /// did not log in since are stored with it.
    RenewPepper(Output),
    /// Closes an account: its sessions end, and nobody logs in to it.
    Disable {
        /// The account's address, user name or id.
        who: String,
        #[command(flatten)]
        output: Output,
    },
    /// Opens an account again that was closed. Sessions that ended stay over.
    Enable {
        /// The account's address, user name or id.
        who: String,
        #[command(flatten)]
        output: Output,
    },
}

impl Users {
    pub async fn run(self, auth: &Auth) -> anyhow::Result<()> {
        match self {
            Self::SetPassword { who, output } => set_password(auth, &who, output).await,
            Self::Promote { who, unverified, output } => promote(auth, &who, unverified, output).await,
            Self::Import { file, claim, dry_run, output } => {
                import::run(auth, &file, claim, dry_run, output).await
            }
            Self::RenewPepper(output) => renew_pepper(auth, output).await,
            Self::Disable { who, output } => {
                let user = auth.disable(&who).await.map_err(explained)?;
                let done = json!({ "id": user.id, "state": "disabled" });
                Ok(output.print(&done, |_| format!("The account of {who} is closed."))?)
            }
            Self::Enable { who, output } => {
                let user = auth.enable(&who).await.map_err(explained)?;
                let done = json!({ "id": user.id, "state": "active" });
                Ok(output.print(&done, |_| format!("The account of {who} is open."))?)
            }
        }
    }
}

async fn renew_pepper(auth: &Auth, output: Output) -> anyhow::Result<()> {
    let version = auth.use_newest_pepper().await.map_err(explained)?;
    Ok(output
        .print(&json!({ "pepper": version }), |_| format!("Passwords are hashed with pepper.{version}."))?)
}

async fn set_password(auth: &Auth, who: &str, output: Output) -> anyhow::Result<()> {
    let user = auth.known_as(who).await.map_err(explained)?;
    let text = read_password().context("the password cannot be read from standard input")?;
    let password = Password::chosen(&text, &user.known_by(), user.least_password_score());
    let password = password.map_err(|refused| match refused {
        Refused::Unfit(unfit) => anyhow!("the password: {}", unfit.detail),
        Refused::Weak(reasons) => anyhow!("the password is too easy to guess. {}", reasons.join(" ")),
    })?;
    auth.set_password(who, &password).await.map_err(explained)?;
    let done = json!({ "id": user.id, "password": "changed" });
    Ok(output
        .print(&done, |_| format!("{who} has another password, and every session of before is over."))?)
}

async fn promote(auth: &Auth, who: &str, even_unverified: bool, output: Output) -> anyhow::Result<()> {
    let said = match auth.promote(who, even_unverified).await.map_err(explained)? {
        Promoted::Done => "is",
        Promoted::Before => "was before",
        Promoted::Unverified => bail!("the address is not verified: let them verify it, or say --unverified"),
    };
    let user = auth.known_as(who).await.map_err(explained)?;
    let done = json!({ "id": user.id, "roles": user.roles.to_vec() });
    Ok(output.print(&done, |_| format!("{who} {said} an administrator."))?)
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

pub(super) fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::NotFound => anyhow!("there is no such account"),
        error => error.into(),
    }
}
