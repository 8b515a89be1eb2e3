//! Services that call in their own name: who they are, and that they are who they say.

use common::time::Instant;
use serde_json::json;

use super::Auth;
use super::actor::Actor;
use super::store::audit::{self, Entry};
use super::store::clients;
use super::store::feed::{self, NewEvent};
use crate::domain::{ClientId, ClientSecret, ClientState, Name, ServiceClient, Words};
use crate::error::Error;

/// A service that is to call others.
pub struct NewClient {
    pub name: Name,
    /// What its tokens may permit.
    pub scopes: Words,
    /// Whom its tokens may be meant for.
    pub audiences: Words,
}

/// What is to be changed of a client; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ClientChange {
    pub name: Option<Name>,
    pub scopes: Option<Words>,
    pub audiences: Option<Words>,
}

/// A service that has proved who it is.
#[derive(Clone, Debug)]
pub struct KnownClient {
    pub client: ServiceClient,
    /// What o'clock it was in the database when it did.
    pub(super) now: Instant,
}

impl Auth {
    /// Adds a client. Its secret is to be had here and never again.
    pub async fn create_client(&self, new: NewClient) -> Result<(ClientId, ClientSecret), Error> {
        let (id, secret, offset_us) = (ClientId::new(), ClientSecret::random(), self.clock.offset_us());
        let by = self.acting;
        let hash = secret.hash();
        self.db
            .write(move |conn| {
                let NewClient { name, scopes, audiences } = &new;
                clients::insert(conn, offset_us, id, name.as_str(), &hash, scopes, audiences)?;
                audit::write(conn, offset_us, noted("client_created", id, by))
            })
            .await?;
        Ok((id, secret))
    }

    /// A client, whether it is active or not.
    pub async fn client(&self, id: ClientId) -> Result<ServiceClient, Error> {
        let offset_us = self.clock.offset_us();
        let stored = self.db.read(move |conn| clients::by_id(conn, offset_us, id)).await?;
        stored.map(|stored| stored.client).ok_or(Error::NotFound)
    }

    /// Changes an active client and says how it is now. Tokens that may say more than it may have now end.
    pub async fn change_client(&self, id: ClientId, change: ClientChange) -> Result<ServiceClient, Error> {
        let (offset_us, by) = (self.clock.offset_us(), self.acting);
        let appended = self
            .db
            .write(move |conn| {
                let ClientChange { name, scopes, audiences } = &change;
                let name = name.as_ref().map(Name::as_str);
                let (scopes, audiences) =
                    (scopes.as_ref().map(Words::as_str), audiences.as_ref().map(Words::as_str));
                let Some(uv) = clients::change(conn, offset_us, id, name, scopes, audiences)? else {
                    return Ok(None);
                };
                audit::write(conn, offset_us, noted("client_changed", id, by))?;
                feed::append(conn, offset_us, &[ended(id, uv)]).map(Some)
            })
            .await?;
        self.feed.committed(appended.ok_or(Error::NotFound)?).await;
        self.client(id).await
    }

    /// All clients, the oldest first.
    pub async fn clients(&self) -> Result<Vec<ServiceClient>, Error> {
        let offset_us = self.clock.offset_us();
        Ok(self.db.read(move |conn| clients::all(conn, offset_us)).await?)
    }

    /// Gives an active client another secret: the old one and every token end.
    pub async fn renew_client_secret(&self, id: ClientId) -> Result<ClientSecret, Error> {
        let (secret, offset_us, by) = (ClientSecret::random(), self.clock.offset_us(), self.acting);
        let hash = secret.hash();
        let appended = self
            .db
            .write(move |conn| {
                let Some(uv) = clients::set_secret(conn, offset_us, id, &hash)? else { return Ok(None) };
                audit::write(conn, offset_us, noted("client_secret_changed", id, by))?;
                feed::append(conn, offset_us, &[ended(id, uv)]).map(Some)
            })
            .await?;
        self.feed.committed(appended.ok_or(Error::NotFound)?).await;
        Ok(secret)
    }

    /// Disables a client: its tokens end, and it gets no more. Again is the same.
    pub async fn disable_client(&self, id: ClientId) -> Result<(), Error> {
        let (offset_us, by) = (self.clock.offset_us(), self.acting);
        let is_there = self.db.read(move |conn| clients::by_id(conn, offset_us, id)).await?.is_some();
        if !is_there {
            return Err(Error::NotFound);
        }
        let appended = self
            .db
            .write(move |conn| {
                let Some(uv) = clients::disable(conn, offset_us, id)? else { return Ok(None) };
                audit::write(conn, offset_us, noted("client_disabled", id, by))?;
                feed::append(conn, offset_us, &[ended(id, uv)]).map(Some)
            })
            .await?;
        self.tell(appended).await;
        Ok(())
    }

    /// Believes a client that has its secret; `None` for a wrong one, and for a client that is unknown or disabled.
    pub async fn known_client(&self, id: &str, secret: &ClientSecret) -> Result<Option<KnownClient>, Error> {
        let Ok(id) = id.parse() else { return Ok(None) };
        let offset_us = self.clock.offset_us();
        let stored = self.db.read(move |conn| clients::by_id(conn, offset_us, id)).await?;
        let known = stored.filter(|s| s.secret.is_of(secret) && s.client.state == ClientState::Active);
        let known = known.map(|stored| KnownClient { client: stored.client, now: stored.now });
        if let Some(known) = &known {
            common::behalf::acts(&known.client.id.subject());
        }
        Ok(known)
    }
}

fn ended(id: ClientId, uv: i64) -> NewEvent {
    NewEvent::Subject { sub: id.subject(), min_uv: uv }
}

fn noted(event: &'static str, client: ClientId, by: Actor) -> Entry {
    Entry { detail: json!({ "client": client }), ..Entry::new(event, Some(by)) }
}
