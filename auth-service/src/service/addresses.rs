//! Addresses of mail: that they are somebody's own, and that they are others than before.

use common::db::DbError;
use diesel::result::Error::NotFound;
use serde_json::json;

use super::Auth;
use super::accounts::taken;
use super::mail::{enqueue, notice_to};
use super::recovery::spent;
use super::store::audit::{self, Entry};
use super::store::{links, users};
use crate::domain::{Email, LinkToken, MailKind, Purpose, User, UserId};
use crate::error::Error;

impl Auth {
    /// Sends a link to an address that somebody wants to have. It becomes theirs when they follow it; that it is somebody
    /// else's is told to who can read its mails alone.
    pub async fn change_address(&self, id: UserId, email: Email) -> Result<(), Error> {
        let user = self.user(id).await?;
        if user.email_verified && user.email.as_deref() == Some(email.as_str()) {
            return self.keep_address(id).await;
        }
        self.send_verification(&user, email.as_str()).await
    }

    /// Sends another link to the address that somebody is to show to be theirs; nothing where there is none.
    pub async fn resend_verification(&self, id: UserId) -> Result<(), Error> {
        let user = self.user(id).await?;
        match self.awaited_address(&user).await? {
            Some(address) => self.send_verification(&user, &address).await,
            None => Ok(()),
        }
    }

    /// Gives somebody the address that they followed a link from, and tells the one that they had before.
    pub async fn verify_address(&self, token: &str) -> Result<(), Error> {
        let token = LinkToken::parse(token).ok_or(Error::TokenSpent)?;
        let (offset_us, now) = (self.clock.offset_us(), self.clock.now());
        let written = self.db.write(move |conn| {
            let good = links::spend(conn, offset_us, token.id, Purpose::Verify, &token.secret_hash())?;
            let good = good.ok_or(NotFound)?;
            let user = users::by_id(conn, good.user_id)?.ok_or(NotFound)?;
            if !users::take_address(conn, user.id, good.uv, &good.address, now)? {
                return Err(NotFound);
            }
            let former = user.email.clone().filter(|former| *former != good.address);
            let is_changed = user.email.as_ref() != Some(&good.address);
            audit::write(conn, offset_us, taken_over(&user, is_changed))?;
            let notice = former.map(|former| notice_to(former, MailKind::AddressChanged, &user, None));
            enqueue(conn, offset_us, notice)?;
            Ok(user.id)
        });
        let user = written.await.map_err(|error| match error {
            DbError::Query(NotFound) => spent(error),
            error => taken(error),
        })?;
        common::behalf::acts(&user);
        self.post.wake();
        Ok(())
    }

    /// The address that somebody is to show to be theirs: the one that they want to have, or the one that they have.
    pub(super) async fn awaited_address(&self, user: &User) -> Result<Option<String>, Error> {
        let (offset_us, id) = (self.clock.offset_us(), user.id);
        let awaited = self.db.read(move |conn| links::awaited(conn, offset_us, id)).await?;
        // What was asked for before the password was another may have been asked for by a stranger.
        let wanted = awaited.filter(|awaited| awaited.uv == user.uv).map(|awaited| awaited.address);
        let own = user.email.clone();
        let wanted = wanted.filter(|wanted| Some(wanted) != own.as_ref());
        Ok(wanted.or_else(|| own.filter(|_| !user.email_verified)))
    }

    async fn send_verification(&self, user: &User, address: &str) -> Result<(), Error> {
        self.limits.verify(user.id).await?;
        let (offset_us, verification) = (self.clock.offset_us(), self.verification(user, address));
        self.db.write(move |conn| verification.write(conn, offset_us)).await?;
        self.post.wake();
        Ok(())
    }

    /// Forgets that somebody wanted another address.
    async fn keep_address(&self, id: UserId) -> Result<(), Error> {
        let offset_us = self.clock.offset_us();
        self.db.write(move |conn| links::spend_all(conn, offset_us, id, Purpose::Verify)).await?;
        Ok(())
    }
}

fn taken_over(user: &User, is_changed: bool) -> Entry {
    let event = if is_changed { "email_changed" } else { "email_verified" };
    Entry { detail: json!({ "by": "link" }), ..Entry::own(user.id, event) }
}
