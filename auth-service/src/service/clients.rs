//! Services that call in their own name: who they are, and that they are who they say.

use common::time::Instant;
use serde_json::json;

use super::Auth;
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
        let hash = secret.hash();
        self.db
            .write(move |conn| {
                let NewClient { name, scopes, audiences } = &new;
                clients::insert(conn, offset_us, id, name.as_str(), &hash, scopes, audiences)?;
                audit::write(conn, offset_us, by_operator("client_created", id))
            })
            .await?;
        Ok((id, secret))
    }

    /// All clients, the oldest first.
    pub async fn clients(&self) -> Result<Vec<ServiceClient>, Error> {
        let offset_us = self.clock.offset_us();
        Ok(self.db.read(move |conn| clients::all(conn, offset_us)).await?)
    }

    /// Gives an active client another secret: the old one and every token end.
    pub async fn renew_client_secret(&self, id: ClientId) -> Result<ClientSecret, Error> {
        let (secret, offset_us) = (ClientSecret::random(), self.clock.offset_us());
        let hash = secret.hash();
        let appended = self
            .db
            .write(move |conn| {
                let Some(uv) = clients::set_secret(conn, offset_us, id, &hash)? else { return Ok(None) };
                audit::write(conn, offset_us, by_operator("client_secret_changed", id))?;
                feed::append(conn, offset_us, &[ended(id, uv)]).map(Some)
            })
            .await?;
        self.feed.committed(appended.ok_or(Error::NotFound)?).await;
        Ok(secret)
    }

    /// Disables a client: its tokens end, and it gets no more. Again is the same.
    pub async fn disable_client(&self, id: ClientId) -> Result<(), Error> {
        let offset_us = self.clock.offset_us();
        let is_there = self.db.read(move |conn| clients::by_id(conn, offset_us, id)).await?.is_some();
        if !is_there {
            return Err(Error::NotFound);
        }
        let appended = self
            .db
            .write(move |conn| {
                let Some(uv) = clients::disable(conn, offset_us, id)? else { return Ok(None) };
                audit::write(conn, offset_us, by_operator("client_disabled", id))?;
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
        Ok(known.map(|stored| KnownClient { client: stored.client, now: stored.now }))
    }
}

fn ended(id: ClientId, uv: i64) -> NewEvent {
    NewEvent::Subject { sub: id.subject(), min_uv: uv }
}

fn by_operator(event: &'static str, client: ClientId) -> Entry {
    let detail = json!({ "by": "operator", "client": client });
    Entry { event, user_id: None, session: None, detail, personal: None }
}
