//! What somebody who is logged in does with their own password.

use common::db::DbError;
use diesel::result::Error::{NotFound, RollbackTransaction};
use serde_json::json;

use super::Auth;
use super::hashing::Verdict;
use super::mail::enqueue;
use super::sessions::{Claimed, Granted, Opening, Wanted};
use super::store::audit::{self, Entry};
use super::store::feed::{self, Appended, NewEvent};
use super::store::sessions::{self, Session};
use super::store::users::{self, Account};
use crate::domain::session::{Client, EndReason};
use crate::domain::{MailKind, Password, SessionId, Transport, UserId};
use crate::error::Error;

/// Somebody who is logged in, and says their password once more.
pub struct Proof {
    pub user: UserId,
    /// The session that they say it in.
    pub session: SessionId,
    pub password: Password,
    pub client: Client,
    /// What the device says that it logged in before by.
    pub device: Option<String>,
    /// The way that the tokens of the session that asked took.
    pub transport: Transport,
}

/// A session that took the place of others, with what the feed is to say of them.
type Replaced = Result<(Session, Appended), Undone>;

/// Why a transaction that rests on what was verified before was undone.
enum Undone {
    /// Password, version or state are not what was verified any more.
    Changed,
    /// The session that asked is over.
    SessionOver,
}

impl Auth {
    /// Proves once more who is there. A session with another id takes the place of the one that asked (ASVS 7.2.4), with
    /// its scope and audiences.
    pub async fn reauthenticate(&self, proof: Proof) -> Result<Granted, Error> {
        for _ in 0..2 {
            let (account, verdict) = self.prove_again(&proof).await?;
            let opening = self.successor(&proof).await?;
            let first = opening.first.clone();
            match self.replace_session(opening, &account, proof.session).await? {
                Ok((session, appended)) => {
                    self.feed.committed(appended).await;
                    if verdict == Verdict::RightButOld {
                        self.renew_stored_form(&account, &proof.password).await;
                    }
                    return Ok(self.grant(&session, first, &Wanted::default())?.to(account.user));
                }
                Err(Undone::Changed) => {}
                Err(Undone::SessionOver) => return Err(Error::SessionEnded),
            }
        }
        Err(Error::Busy)
    }

    /// Gives somebody another password and a new session. Every session that they had ends, the one that asked too: who
    /// knew the old password is out.
    pub async fn change_password(&self, proof: Proof, new: &Password) -> Result<Granted, Error> {
        for _ in 0..2 {
            let (account, _) = self.prove_again(&proof).await?;
            let stored = self.hashing.hash(new).await?;
            let opening = self.successor(&proof).await?;
            let first = opening.first.clone();
            match self.replace_password(opening, &account, stored, proof.session).await? {
                Ok((session, appended)) => {
                    self.feed.committed(appended).await;
                    self.post.wake();
                    // The one that it had died with the password.
                    let device = self.device_token(&account.user, session.uv, proof.device.as_deref());
                    let granted = self.grant(&session, first, &Wanted::default())?;
                    return Ok(granted.to(account.user).on_device(device));
                }
                Err(Undone::Changed) => {}
                Err(Undone::SessionOver) => return Err(Error::SessionEnded),
            }
        }
        Err(Error::Busy)
    }

    async fn prove_again(&self, proof: &Proof) -> Result<(Account, Verdict), Error> {
        let id = proof.user;
        let account = self.db.read(move |conn| users::own_account(conn, id)).await?;
        let claimed = Claimed {
            event: "reauthentication_failed",
            name: &id.to_string(),
            password: &proof.password,
            client: &proof.client,
            device: proof.device.as_deref(),
        };
        self.prove(account, &claimed).await.map_err(|error| match error {
            Error::InvalidCredentials => Error::WrongPassword,
            error => error,
        })
    }

    /// A session that may do what the one that asks may, and no more.
    async fn successor(&self, proof: &Proof) -> Result<Opening, Error> {
        let id = proof.session;
        let granted = self.db.read(move |conn| sessions::granted(conn, id)).await?;
        let (scope, audiences) = granted.ok_or(Error::SessionEnded)?;
        Ok(self.opening(proof.user, scope, audiences, proof.client.clone(), proof.transport))
    }

    async fn replace_session(
        &self,
        opening: Opening,
        account: &Account,
        old: SessionId,
    ) -> Result<Replaced, Error> {
        let (offset_us, uv) = (self.clock.offset_us(), account.user.uv);
        let password = account.password.clone().unwrap_or_default();
        let written = self
            .db
            .write(move |conn| {
                sessions::end(conn, offset_us, old, EndReason::Reauthenticated)?.ok_or(NotFound)?;
                let opened = sessions::open(conn, offset_us, &opening.new_session(uv, &password))?;
                let session = opened.ok_or(RollbackTransaction)?;
                audit::write(conn, offset_us, opening.entry("reauthenticated"))?;
                let appended = feed::append(conn, offset_us, &[NewEvent::Session(old)])?;
                Ok((session, appended))
            })
            .await;
        told_apart(written)
    }

    async fn replace_password(
        &self,
        opening: Opening,
        account: &Account,
        stored: String,
        asker: SessionId,
    ) -> Result<Replaced, Error> {
        let notice = self.notice(MailKind::PasswordChanged, &account.user, None).await;
        let (offset_us, now, id) = (self.clock.offset_us(), self.clock.now(), account.user.id);
        let verified = account.password.clone().unwrap_or_default();
        let written = self
            .db
            .write(move |conn| {
                if !users::rehash(conn, id, &verified, &stored, now)? {
                    return Err(RollbackTransaction);
                }
                let uv = users::bump_version(conn, id, now)?;
                // Who logged out, or was logged out, meanwhile changes nothing any more.
                sessions::end(conn, offset_us, asker, EndReason::PasswordChanged)?.ok_or(NotFound)?;
                sessions::end_all(conn, offset_us, id, None, EndReason::PasswordChanged)?;
                let opened = sessions::open(conn, offset_us, &opening.new_session(uv, &stored))?;
                let session = opened.ok_or(RollbackTransaction)?;
                audit::write(conn, offset_us, password_changed(&opening))?;
                enqueue(conn, offset_us, notice)?;
                let event = NewEvent::Subject { sub: id.to_string(), min_uv: uv };
                let appended = feed::append(conn, offset_us, &[event])?;
                Ok((session, appended))
            })
            .await;
        told_apart(written)
    }
}

fn password_changed(opening: &Opening) -> Entry {
    Entry { detail: json!({ "by": "password" }), ..opening.entry("password_changed") }
}

/// Tells why a transaction was rolled back on purpose.
fn told_apart(written: Result<(Session, Appended), DbError>) -> Result<Replaced, Error> {
    match written {
        Err(DbError::Query(RollbackTransaction)) => Ok(Err(Undone::Changed)),
        Err(DbError::Query(NotFound)) => Ok(Err(Undone::SessionOver)),
        written => Ok(Ok(written?)),
    }
}
