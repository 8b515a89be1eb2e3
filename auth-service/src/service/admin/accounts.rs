use common::db::{Conn, DbError, QueryResult, violated};
use serde_json::{Value, json};

use super::{ADMIN, Account};
use crate::domain::session::EndReason;
use crate::domain::{SessionId, User, UserId, UserState, Words};
use crate::error::Error;
use crate::service::Auth;
use crate::service::store::audit::{self, Entry};
use crate::service::store::feed::{self, Appended, NewEvent, PersonEvent};
use crate::service::store::{directory, sessions, users};

/// What is to be changed of an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// True to open it, false to close it.
    pub active: Option<bool>,
    pub roles: Option<Words>,
    pub ext: Option<Option<Value>>,
    pub external_id: Option<Option<String>>,
}

/// What became of somebody who was to be an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promoted {
    Done,
    /// They are one already.
    Before,
    /// Nobody has shown that the address is theirs.
    Unverified,
}

impl Auth {
    /// Gives the person of this address, user name or id the role of an administrator.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn promote(&self, who: &str, even_unverified: bool) -> Result<Promoted, Error> {
        let user = self.user(self.named(who).await?).await?;
        if user.roles.contains(ADMIN) {
            return Ok(Promoted::Before);
        }
        if !user.email_verified && !even_unverified {
            return Ok(Promoted::Unverified);
        }
        let roles = Words::of(user.roles.iter().chain([ADMIN]));
        self.change_account(user.id, AccountChange { roles: Some(roles), ..AccountChange::default() })
            .await?;
        Ok(Promoted::Done)
    }

    /// People with `text` in a name or address of theirs, or of that id; the newest first, from before this one on.
    pub async fn people(
        &self,
        text: String,
        before: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<Account>, Error> {
        Ok(self.db.read(move |conn| directory::page(conn, &text, before, limit)).await?)
    }

    /// An account, with what only administrators see of it.
    pub async fn account_of(&self, id: UserId) -> Result<Account, Error> {
        self.db.read(move |conn| directory::by_id(conn, id)).await?.ok_or(Error::NotFound)
    }

    /// Changes an account and says how it is now. What its tokens say is never out of date: they end, and its sessions
    /// go on with new ones, or end too where it is closed.
    pub async fn change_account(&self, id: UserId, change: AccountChange) -> Result<Account, Error> {
        let (offset_us, now, by) = (self.clock.offset_us(), self.clock.now(), self.acting);
        let changed = self
            .db
            .write(move |conn| {
                let Some(before) = directory::claim(conn, id, now)? else { return Ok(None) };
                let after = change.applied(before.clone());
                directory::set(conn, &after)?;
                if after.external_id != before.external_id {
                    feed::append_person(conn, &named(&after))?;
                }
                for (event, detail) in differences(&before, &after) {
                    let detail = json!({ "to": detail });
                    audit::write(conn, offset_us, Entry { detail, ..Entry::about(id, event, Some(by)) })?;
                }
                let appended = end_what_is_out_of_date(conn, offset_us, &before.user, &after.user, now)?;
                Ok(Some((after, appended)))
            })
            .await
            .map_err(taken)?;
        let (after, appended) = changed.ok_or(Error::NotFound)?;
        self.feed.person_committed();
        self.tell(appended).await;
        Ok(after)
    }

    /// Ends a session, whosever it is. One that is over stays over.
    pub async fn end_any_session(&self, id: SessionId) -> Result<(), Error> {
        self.db.read(move |conn| sessions::owner(conn, id)).await?.ok_or(Error::NotFound)?;
        self.end_session(id, Some(self.acting)).await
    }

    /// Ends every session of a person.
    pub async fn end_sessions_of(&self, id: UserId) -> Result<(), Error> {
        let (offset_us, now, by) = (self.clock.offset_us(), self.clock.now(), self.acting);
        let appended = self
            .db
            .write(move |conn| {
                if directory::claim(conn, id, now)?.is_none() {
                    return Ok(None);
                }
                audit::write(conn, offset_us, Entry::about(id, "sessions_ended", Some(by)))?;
                end_all(conn, offset_us, id, EndReason::ByAdmin, now).map(Some)
            })
            .await?;
        self.tell(Some(appended.ok_or(Error::NotFound)?)).await;
        Ok(())
    }
}

impl AccountChange {
    fn applied(self, to: Account) -> Account {
        let Account { mut user, mut external_id } = to;
        let state = |active| if active { UserState::Active } else { UserState::Disabled };
        user.state = self.active.map_or(user.state, state);
        user.roles = self.roles.unwrap_or(user.roles);
        user.ext = self.ext.unwrap_or(user.ext);
        external_id = self.external_id.unwrap_or(external_id);
        Account { user, external_id }
    }
}

/// What to note of a change, and what it is now.
fn differences(before: &Account, after: &Account) -> Vec<(&'static str, Value)> {
    let (was, is) = (&before.user, &after.user);
    let mut found = Vec::new();
    if was.state != is.state {
        found.push((if is.state == UserState::Active { "enabled" } else { "disabled" }, Value::Null));
    }
    if was.roles != is.roles {
        found.push(("roles_changed", json!(is.roles.to_vec())));
    }
    // What they were given may say who they are, so it stays out of what is kept for ever.
    if was.ext != is.ext {
        found.push(("ext_changed", Value::Null));
    }
    if before.external_id != after.external_id {
        found.push(("external_id_changed", Value::Null));
    }
    found
}

/// Makes tokens old that say what is not so any more, within the transaction of the change.
fn end_what_is_out_of_date(
    conn: &mut Conn,
    offset_us: i64,
    was: &User,
    is: &User,
    now: common::time::Instant,
) -> QueryResult<Option<Appended>> {
    if is.state != UserState::Active {
        if was.state != UserState::Active {
            return Ok(None);
        }
        return end_all(conn, offset_us, is.id, EndReason::Disabled, now).map(Some);
    }
    if was.roles == is.roles && was.ext == is.ext {
        return Ok(None);
    }
    let uv = users::bump_version(conn, is.id, now)?;
    sessions::restamp(conn, is.id, uv, &is.roles, is.ext.clone())?;
    feed::append(conn, offset_us, &[subject(is.id, uv)]).map(Some)
}

fn end_all(
    conn: &mut Conn,
    offset_us: i64,
    id: UserId,
    reason: EndReason,
    now: common::time::Instant,
) -> QueryResult<Appended> {
    let uv = users::bump_version(conn, id, now)?;
    sessions::end_all(conn, offset_us, id, None, reason)?;
    feed::append(conn, offset_us, &[subject(id, uv)])
}

fn subject(id: UserId, uv: i64) -> NewEvent {
    NewEvent::Subject { sub: id.to_string(), min_uv: uv }
}

fn named(account: &Account) -> PersonEvent {
    let Account { user, external_id } = account;
    let (sub, name, uv) = (user.id, user.name.clone(), user.uv);
    PersonEvent::Named { sub, name, external_id: external_id.clone(), uv }
}

/// What a unique violation means here.
fn taken(error: DbError) -> Error {
    match &error {
        DbError::Query(cause) if violated(cause).as_deref() == Some("users.external_id") => {
            Error::ExternalIdTaken
        }
        _ => error.into(),
    }
}
