use std::time::Duration;

use anyhow::ensure;
use clap::Subcommand;
use common::settings::Output;

use crate::service::Auth;
use crate::service::keys::{KeyInfo, KeysError, Resealed, RevokedKey, RotatedKeys};

#[derive(Subcommand)]
pub(super) enum Keys {
    /// Lists every signing key that there ever was, and where it is in its life.
    ///
    /// next: published, signs after the current one. current: signs. retiring: signs no more, and is published until its
    /// last token is dead. retired: over. revoked: refused everywhere, for ever.
    List(Output),
    /// Has the next key sign from now on; where it was published too lately, once its time has come.
    ///
    /// Keys rotate by themselves every 30 days. No token stops working. A server that is started with another
    /// AUTH_SIGNING_ALG makes the next key of it, which signs from the rotation after that.
    Rotate(Output),
    /// Refuses a key for ever: everything that it signed is refused everywhere within a second.
    ///
    /// Where it is the one that signs, the next one takes its place at once. Nobody has to log in again: a refresh gives
    /// a token that the new key signed.
    Revoke {
        /// The key's name, as `keys list` and the header of a token have it.
        // One name in sixty-four begins with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
        #[command(flatten)]
        output: Output,
    },
    /// Seals all signing keys with the newest version of the master key.
    ///
    /// To change the master key, first write a new one beside the old one, with the next number, on every machine that
    /// runs auth-service; nothing uses it yet:
    ///
    /// umask 077; head -c 32 /dev/urandom | basenc --base64url | tr -d = > {SECRETS_DIR}/auth/master.2
    ///
    /// Then run `auth-service keys reseal` on one of them. Running servers take the new key over within a second.
    ///
    /// Last, run `auth-service keys reseal --forget-old`, and delete master.1 everywhere. Backups of the database from
    /// before need it: keep it with them, or let both go.
    Reseal {
        /// Forgets the older versions, so that their files may be deleted.
        #[arg(long)]
        forget_old: bool,
        #[command(flatten)]
        output: Output,
    },
}

impl Keys {
    pub async fn run(self, auth: &Auth) -> anyhow::Result<()> {
        match self {
            Self::List(output) => output.print(&auth.keys().await?, |keys| table(keys))?,
            Self::Rotate(output) => output.print(&rotate(auth).await?, rotated)?,
            Self::Revoke { kid, output } => output.print(&auth.revoke_key(&kid).await?, revoked)?,
            Self::Reseal { forget_old, output } => {
                let done = auth.reseal_keys(forget_old).await?;
                output.print(&done, resealed)?;
                ensure!(done.unopened.is_empty(), "not every key could be opened");
            }
        }
        Ok(())
    }
}

/// Rotates, after the time that the next key still has to be published.
async fn rotate(auth: &Auth) -> Result<RotatedKeys, KeysError> {
    loop {
        match auth.rotate_keys().await {
            Err(KeysError::TooEarly(wait)) => {
                let wait = wait + Duration::from_millis(10);
                eprintln!("The next key may sign in {} s: waiting.", wait.as_secs() + 1);
                tokio::time::sleep(wait).await;
            }
            answer => return answer,
        }
    }
}

fn table(keys: &[KeyInfo]) -> String {
    let head = format!("{:43}  {:5}  {:8}  {:27}  MASTER", "KID", "ALG", "STATE", "SINCE");
    let line = |key: &KeyInfo| {
        let since = key.revoked_at.or(key.retired_at).unwrap_or(key.signs_from);
        let KeyInfo { kid, alg, state, master_version, .. } = key;
        format!("{kid:43}  {alg:5}  {:8}  {:27}  {master_version}", state.name(), since.to_string())
    };
    std::iter::once(head).chain(keys.iter().map(line)).collect::<Vec<_>>().join("\n")
}

fn rotated(RotatedKeys { current, retiring, next }: &RotatedKeys) -> String {
    format!("{current} signs, {retiring} is retiring, {next} is next.")
}

fn revoked(RevokedKey { kid, was }: &RevokedKey) -> String {
    match was {
        Some(was) => format!("{kid}, which was {}, is revoked.", was.name()),
        None => format!("{kid} had been revoked before."),
    }
}

fn resealed(done: &Resealed) -> String {
    let Resealed { master_version, resealed, unopened, forgotten } = done;
    let mut text = format!("{resealed} keys were sealed anew with master.{master_version}.");
    if *forgotten > 0 {
        text.push_str(" The files of older versions may be deleted.");
    }
    for kid in unopened {
        text.push_str(&format!("\n{kid} could not be opened, and is as it was."));
    }
    text
}
