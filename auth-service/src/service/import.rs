//! Taking over the accounts of another system.

use common::time::Instant;
use serde_json::json;

use super::Auth;
pub use super::hashing::{Imported, NotImportable};
use super::store::audit::{self, Entry};
use super::store::feed::{self, PersonEvent};
use super::store::users::{self, Taken};
use crate::domain::{Email, Locale, Name, User, UserId, UserState, Username, Words};
use crate::error::Error;

/// Somebody whom another system knew. They log in by an address or a user name: one of them is there.
pub struct Newcomer {
    pub email: Option<Email>,
    pub username: Option<Username>,
    /// What the other system calls them.
    pub external_id: Option<String>,
    /// Whether their tokens say so, in the claim `ext`.
    pub tokens_say_so: bool,
    pub password: Imported,
    pub name: Option<Name>,
    pub email_verified: bool,
    pub roles: Words,
    pub created_at: Option<Instant>,
}

/// What became of somebody who was to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// They have an account now; in a rehearsal, they would have one.
    Imported,
    /// They were here.
    Known,
    /// Another account has their user name, or their id in the other system.
    UsernameTaken,
    ExternalIdTaken,
}

impl Auth {
    /// Gives somebody an account, wholly or not at all, unless their address (where they have none, their user name) has
    /// one.
    pub async fn import(&self, newcomer: Newcomer) -> Result<Arrival, Error> {
        let (now, offset_us, by) = (self.clock.now(), self.clock.offset_us(), self.acting);
        let arrival = self
            .db
            .write(move |conn| {
                let arrival = newcomer.arrival(newcomer.taken(conn)?);
                if arrival != Arrival::Imported {
                    return Ok(arrival);
                }
                let (user, external_id) = (newcomer.user(now), newcomer.external_id.clone());
                users::insert(conn, &user, external_id.as_deref())?;
                users::insert_password(conn, user.id, &newcomer.password.to_stored(), now)?;
                audit::write(conn, offset_us, Entry::about(user.id, "imported", Some(by)))?;
                let (sub, name, uv) = (user.id, user.name, user.uv);
                feed::append_person(conn, &PersonEvent::Named { sub, name, external_id, uv })?;
                Ok(arrival)
            })
            .await?;
        if arrival == Arrival::Imported {
            self.feed.person_committed();
        }
        Ok(arrival)
    }

    /// Says what would become of somebody, without doing it.
    pub async fn rehearse_import(&self, newcomer: Newcomer) -> Result<Arrival, Error> {
        Ok(self.db.read(move |conn| Ok(newcomer.arrival(newcomer.taken(conn)?))).await?)
    }
}

impl Newcomer {
    fn taken(&self, conn: &mut common::db::Conn) -> common::db::QueryResult<Taken> {
        let (email, username) = (self.email.as_ref(), self.username.as_ref());
        let external_id = self.external_id.as_deref();
        users::taken(conn, email.map(Email::as_str), username.map(Username::as_str), external_id)
    }

    fn arrival(&self, taken: Taken) -> Arrival {
        match taken {
            Taken { email: true, .. } => Arrival::Known,
            Taken { username: true, .. } if self.email.is_none() => Arrival::Known,
            Taken { username: true, .. } => Arrival::UsernameTaken,
            Taken { external_id: true, .. } => Arrival::ExternalIdTaken,
            Taken { .. } => Arrival::Imported,
        }
    }

    fn user(&self, now: Instant) -> User {
        User {
            id: UserId::new(),
            email: self.email.as_ref().map(|email| email.as_str().to_owned()),
            username: self.username.as_ref().map(|name| name.as_str().to_owned()),
            name: self.name.clone().unwrap_or_else(Name::of_nobody_in_particular).into_string(),
            locale: Locale::default().into_string(),
            email_verified: self.email_verified,
            uv: 0,
            state: UserState::Active,
            roles: self.roles.clone(),
            ext: self
                .external_id
                .as_ref()
                .filter(|_| self.tokens_say_so)
                .map(|id| json!({ "external_id": id })),
            created_at: self.created_at.unwrap_or(now),
        }
    }
}
