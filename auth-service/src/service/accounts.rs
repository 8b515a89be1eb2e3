//! Signing up, and what a person or an operator changes about an account.

use common::db::{DbError, violated};
use serde_json::json;

use super::Auth;
use super::admin::AccountChange;
use super::mail::enqueue;
use super::sessions::{Granted, Wanted};
use super::store::audit::{self, Entry};
use super::store::feed::{self, NewEvent, PersonEvent};
use super::store::{sessions, users};
use crate::domain::session::{Client, EndReason};
use crate::domain::{
    Email, Locale, MailKind, Name, Password, Transport, User, UserId, UserState, Username, Words,
};
use crate::error::Error;

/// Somebody who wants an account.
pub struct NewAccount {
    pub email: Email,
    pub username: Option<Username>,
    pub name: Option<Name>,
    pub locale: Option<Locale>,
    pub password: Password,
    pub client: Client,
    /// What the device says that it logged in before by.
    pub device: Option<String>,
    pub transport: Transport,
}

/// What a person changes of their profile.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    pub name: Option<Name>,
    pub username: Option<Username>,
    pub locale: Option<Locale>,
}

impl Auth {
    /// Opens an account and a first session in it.
    pub async fn sign_up(&self, new: NewAccount) -> Result<Granted, Error> {
        if !self.settings.signup_open {
            return Err(Error::SignupClosed);
        }
        self.limits.sign_up(&new.client).await?;
        let (scope, audiences) = self.granted_to_people(&Wanted::default())?;
        let password = self.hashing.hash(&new.password).await?;
        let user = new_user(&new, self.clock.now());
        let opening = self.opening(user.id, scope, audiences, new.client.clone(), new.transport);
        let (offset_us, granted_to) = (self.clock.offset_us(), user.clone());
        let first = opening.first.clone();
        let verification = self.verification(&user, new.email.as_str());
        let session = self
            .db
            .write(move |conn| {
                users::insert(conn, &user, None)?;
                users::insert_password(conn, user.id, &password, user.created_at)?;
                let session = sessions::open(conn, offset_us, &opening.new_session(user.uv, &password))?;
                audit::write(conn, offset_us, opening.entry("signed_up"))?;
                verification.write(conn, offset_us)?;
                feed::append_person(conn, &named(&user, None))?;
                session.ok_or(diesel::result::Error::NotFound)
            })
            .await
            .map_err(taken)?;
        self.feed.person_committed();
        self.post.wake();
        let device = self.device_token(&granted_to, session.uv, new.device.as_deref());
        let granted = self.grant(&session, first, &Wanted::default())?;
        Ok(granted.to(granted_to).on_device(device))
    }

    /// The person of this id.
    pub async fn user(&self, id: UserId) -> Result<User, Error> {
        let user = self.db.read(move |conn| users::by_id(conn, id)).await?;
        user.filter(|user| user.state != UserState::Deleted).ok_or(Error::NotFound)
    }

    /// Changes a person's profile and says how it is now.
    pub async fn change_profile(&self, id: UserId, change: ProfileChange) -> Result<User, Error> {
        let now = self.clock.now();
        let renamed = change.name.is_some();
        let user = self
            .db
            .write(move |conn| {
                let (name, username, locale) = (change.name, change.username, change.locale);
                users::set_profile(
                    conn,
                    id,
                    name.as_ref().map(Name::as_str),
                    username.as_ref().map(Username::as_str),
                    locale.as_ref().map(Locale::as_str),
                    now,
                )?;
                let user = users::by_id(conn, id)?;
                if let (true, Some(user)) = (renamed, &user) {
                    let external_id = users::external_id(conn, id)?;
                    feed::append_person(conn, &named(user, external_id))?;
                }
                Ok(user)
            })
            .await
            .map_err(taken)?;
        if renamed {
            self.feed.person_committed();
        }
        user.ok_or(Error::NotFound)
    }

    /// Gives the person of this address, user name or id another password, and ends every session of theirs.
    pub async fn set_password(&self, who: &str, password: &Password) -> Result<(), Error> {
        let user = self.known_as(who).await?;
        let id = user.id;
        let stored = self.hashing.hash(password).await?;
        let notice = self.notice(MailKind::PasswordChanged, &user, None).await;
        let (offset_us, now, by) = (self.clock.offset_us(), self.clock.now(), self.acting);
        let appended = self
            .db
            .write(move |conn| {
                if !users::set_password(conn, id, &stored, now)? {
                    users::insert_password(conn, id, &stored, now)?;
                }
                let uv = users::bump_version(conn, id, now)?;
                sessions::end_all(conn, offset_us, id, None, EndReason::PasswordChanged)?;
                audit::write(conn, offset_us, Entry::about(id, "password_changed", Some(by)))?;
                enqueue(conn, offset_us, notice)?;
                feed::append(conn, offset_us, &[NewEvent::Subject { sub: id.to_string(), min_uv: uv }])
            })
            .await?;
        self.feed.committed(appended).await;
        Ok(())
    }

    /// Hashes passwords with the newest pepper from now on, and says its version.
    pub async fn use_newest_pepper(&self) -> Result<u8, Error> {
        let version = self.secrets.use_newest_pepper().await?;
        let (offset_us, by) = (self.clock.offset_us(), self.acting);
        let entry = Entry { detail: json!({ "version": version }), ..Entry::new("pepper_renewed", Some(by)) };
        self.db.write(move |conn| audit::write(conn, offset_us, entry)).await?;
        log::info!(version; "passwords are hashed with this pepper from now on");
        Ok(version)
    }

    /// Closes the account of this address, user name or id: nobody logs in to it, and every session of it ends.
    pub async fn disable(&self, who: &str) -> Result<User, Error> {
        self.set_active(who, false).await
    }

    /// Opens it again. Sessions that ended stay over.
    pub async fn enable(&self, who: &str) -> Result<User, Error> {
        self.set_active(who, true).await
    }

    async fn set_active(&self, who: &str, active: bool) -> Result<User, Error> {
        let change = AccountChange { active: Some(active), ..AccountChange::default() };
        Ok(self.change_account(self.named(who).await?, change).await?.user)
    }

    /// The person of this address, user name or id.
    pub async fn known_as(&self, who: &str) -> Result<User, Error> {
        self.user(self.named(who).await?).await
    }

    pub(super) async fn named(&self, who: &str) -> Result<UserId, Error> {
        if let Ok(id) = who.parse() {
            return self.user(id).await.map(|user| user.id);
        }
        let name = login_name(who).ok_or(Error::NotFound)?;
        self.db.read(move |conn| users::id_of(conn, &name)).await?.ok_or(Error::NotFound)
    }
}

/// The canonical form of an address or a user name; `None` for what can be neither.
pub fn login_name(text: &str) -> Option<String> {
    if text.contains('@') {
        Email::parse(text).ok().map(Email::into_string)
    } else {
        Username::parse(text).ok().map(Username::into_string)
    }
}

fn new_user(new: &NewAccount, now: common::time::Instant) -> User {
    User {
        id: UserId::new(),
        email: Some(new.email.as_str().to_owned()),
        username: new.username.as_ref().map(|name| name.as_str().to_owned()),
        name: new.name.clone().unwrap_or_else(Name::of_nobody_in_particular).into_string(),
        locale: new.locale.clone().unwrap_or_default().into_string(),
        email_verified: false,
        uv: 0,
        state: UserState::Active,
        roles: Words::default(),
        ext: None,
        created_at: now,
    }
}

fn named(user: &User, external_id: Option<String>) -> PersonEvent {
    PersonEvent::Named { sub: user.id, name: user.name.clone(), external_id, uv: user.uv }
}

/// What a unique violation means where people are added or change.
pub(super) fn taken(error: DbError) -> Error {
    let column = match &error {
        DbError::Query(cause) => violated(cause),
        DbError::Unavailable => None,
    };
    match column.as_deref() {
        Some("users.email") => Error::EmailTaken,
        Some("users.username") => Error::UsernameTaken,
        _ => error.into(),
    }
}
