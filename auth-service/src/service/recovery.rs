//! Choosing another password by a link, for who forgot the old one.

use common::db::DbError;
use diesel::result::Error::NotFound;
use serde_json::json;

use super::Auth;
use super::mail::{enqueue, notice_to};
use super::sessions::whereabouts;
use super::store::audit::{self, Entry};
use super::store::feed::{self, NewEvent};
use super::store::links::Good;
use super::store::mails::{self, NewMail};
use super::store::{links, sessions, users};
use crate::domain::session::{Client, EndReason};
use crate::domain::{Email, LinkToken, MailKind, Password, Purpose, User, UserState};
use crate::error::Error;

/// A link that was good when it was looked at, and whose it is.
pub struct Recovery {
    token: LinkToken,
    pub user: User,
}

impl Auth {
    /// Sends a link to choose another password by, if the address has an account. That is found out when the mail is sent:
    /// here the same is written down for everybody, so that answer and time tell nothing.
    pub async fn forgot_password(&self, email: Email, client: &Client) -> Result<(), Error> {
        if !self.limits.ask_for_reset(client).await {
            log::info!("no link is sent for an address that asked for enough of them");
            return Ok(());
        }
        let asked = NewMail {
            kind: MailKind::Forgotten,
            address: email.into_string(),
            user_id: None,
            link_id: None,
            detail: json!({}),
        };
        let offset_us = self.clock.offset_us();
        // Nobody is woken: what is to be done for somebody who is known would slow the next request.
        self.db.write(move |conn| mails::enqueue(conn, offset_us, asked)).await?;
        Ok(())
    }

    /// Whose password a link lets somebody choose. It is not spent by asking.
    pub async fn recovery(&self, token: &str) -> Result<Recovery, Error> {
        let token = LinkToken::parse(token).ok_or(Error::TokenSpent)?;
        let (offset_us, id, hash) = (self.clock.offset_us(), token.id, token.secret_hash());
        let found = self.db.read(move |conn| {
            let Some(good) = links::find(conn, offset_us, id, Purpose::Reset, &hash)? else {
                return Ok(None);
            };
            Ok(users::by_id(conn, good.user_id)?.map(|user| (good, user)))
        });
        match found.await? {
            Some((good, user)) if is_current(&good, &user) => Ok(Recovery { token, user }),
            _ => Err(Error::TokenSpent),
        }
    }

    /// Gives the owner of a link the password that they chose, and ends every session: whoever knew the old one is out.
    /// Answers what the device knows itself by from now on.
    pub async fn reset_password(
        &self,
        Recovery { token, user }: Recovery,
        password: &Password,
        client: Client,
        device: Option<&str>,
    ) -> Result<String, Error> {
        let stored = self.hashing.hash(password).await?;
        let (offset_us, now, id) = (self.clock.offset_us(), self.clock.now(), user.id);
        let notice =
            user.email.clone().map(|address| notice_to(address, MailKind::PasswordChanged, &user, None));
        let written = self.db.write(move |conn| {
            let good = links::spend(conn, offset_us, token.id, Purpose::Reset, &token.secret_hash())?;
            let good = good.ok_or(NotFound)?;
            if !users::set_password(conn, id, &stored, now)? {
                users::insert_password(conn, id, &stored, now)?;
            }
            let uv = users::take_reset(conn, id, good.uv, &good.address, now)?.ok_or(NotFound)?;
            sessions::end_all(conn, offset_us, id, None, EndReason::PasswordChanged)?;
            audit::write(conn, offset_us, reset(&user, &client))?;
            enqueue(conn, offset_us, notice)?;
            let event = NewEvent::Subject { sub: id.to_string(), min_uv: uv };
            Ok((user, uv, feed::append(conn, offset_us, &[event])?))
        });
        let (user, uv, appended) = written.await.map_err(spent)?;
        self.feed.committed(appended).await;
        self.post.wake();
        common::behalf::acts(&user.id);
        Ok(self.device_token(&user, uv, device))
    }
}

/// A link is dead after a change of the password, and of the address that it was sent to.
fn is_current(good: &Good, user: &User) -> bool {
    user.state == UserState::Active && user.uv == good.uv && user.email.as_ref() == Some(&good.address)
}

fn reset(user: &User, client: &Client) -> Entry {
    let (detail, personal) = (json!({ "by": "link" }), Some(whereabouts(client)));
    Entry { detail, personal, ..Entry::own(user.id, "password_changed") }
}

/// A transaction in which a link turned out to be none was undone.
pub(super) fn spent(error: DbError) -> Error {
    match error {
        DbError::Query(NotFound) => Error::TokenSpent,
        error => error.into(),
    }
}
