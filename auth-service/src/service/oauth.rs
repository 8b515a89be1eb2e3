//! What services ask of the issuer: tokens of their own, what a token says, that a token ends.

use common::time::Instant;
use common::token::{Claims, Verified};
use serde_json::json;
use thiserror::Error;

use super::Auth;
use super::actor::Actor;
use super::clients::KnownClient;
use super::sessions::{Granted, Wanted};
use super::store::audit::{self, Entry};
use super::store::feed::{self, NewEvent};
use super::store::sessions::{self, IssuedTo};
use crate::domain::session::Client;
use crate::domain::{RefreshToken, Transport, UserId, Words};
use crate::error::Error;

/// The scope of those who may ask about, and end, tokens that were issued to others.
pub const INTROSPECT: &str = "tokens:introspect";

/// Why a client is refused (RFC 6749 §5.2, RFC 8707 §2).
#[derive(Debug, Error)]
pub enum Refused {
    #[error("the grant is over, or another client's")]
    Grant,
    #[error("a scope was asked for that cannot be granted")]
    Scope,
    #[error("a resource was named that cannot be granted")]
    Target,
    #[error(transparent)]
    Other(Error),
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        match error.into() {
            Error::RefreshTokenInvalid
            | Error::RefreshTokenExpired
            | Error::RefreshTokenReused
            | Error::SessionEnded => Self::Grant,
            Error::InvalidScope => Self::Scope,
            error => Self::Other(error),
        }
    }
}

/// A token of a service.
#[derive(Debug)]
pub struct ServiceToken {
    pub access_token: String,
    pub expires_in: i64,
    pub scope: String,
}

/// A refresh token that would be exchanged, for whom may know of it.
#[derive(Debug)]
pub struct GoodRefreshToken {
    pub client_id: String,
    pub user_id: UserId,
    pub scope: Words,
    pub expires_at: Instant,
}

impl Auth {
    /// Makes a token for a service that calls in its own name (RFC 6749 §4.4).
    pub fn client_credentials(&self, caller: &KnownClient, wanted: &Wanted) -> Result<ServiceToken, Refused> {
        let (scope, audiences) = narrow(&caller.client.scopes, &caller.client.audiences, wanted)?;
        let claims = self.service_claims(caller, &scope, &audiences);
        let access_token = self.signer.sign(&claims).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(ServiceToken { access_token, expires_in: claims.exp - claims.iat, scope: claims.scope })
    }

    /// Exchanges a refresh token for the client that it was issued to (RFC 6749 §6). Another's stays as it is.
    pub async fn refresh_for_client(
        &self,
        caller: &KnownClient,
        presented: &str,
        wanted: Wanted,
        whereabouts: Client,
    ) -> Result<Granted, Refused> {
        let issued = self.issued_to(presented).await?.filter(|(_, issued)| is_issued_to(caller, issued));
        let Some((_, issued)) = issued else { return Err(Refused::Grant) };
        narrow(&issued.scope, &issued.audiences, &wanted)?;
        let client_id = caller.client.id.to_string();
        Ok(self.refresh_as(&client_id, presented, wanted, whereabouts, Transport::Body).await?)
    }

    /// True for an access token that counts and that this client may know of (RFC 7662 §2.2).
    pub async fn may_know_of(&self, caller: &KnownClient, verified: &Verified) -> Result<bool, Error> {
        // A verifier's leeway is for clocks that differ: who asks here shares ours.
        let is_over = verified.claims.exp <= caller.now.as_secs();
        if is_over || !is_within_reach(caller, &verified.claims.client_id) {
            return Ok(false);
        }
        Ok(self.confirm(verified).await?.is_ok())
    }

    /// What a refresh token stands for; `None` where it would not be exchanged or is none of this client's business.
    pub async fn good_refresh_token(
        &self,
        caller: &KnownClient,
        presented: &str,
    ) -> Result<Option<GoodRefreshToken>, Error> {
        let Some((token, issued)) = self.issued_to(presented).await? else { return Ok(None) };
        let is_present =
            i64::from(token.generation) == issued.generation && token.secret_hash() == issued.secret_hash;
        if !is_present || !issued.is_good || !is_within_reach(caller, &issued.client_id) {
            return Ok(None);
        }
        let IssuedTo { client_id, user_id, scope, expires_at, .. } = issued;
        Ok(Some(GoodRefreshToken { client_id, user_id, scope, expires_at }))
    }

    /// Ends one access token (RFC 7009 §2.1). One that is over already stays over.
    pub async fn revoke_access_token(
        &self,
        caller: &KnownClient,
        verified: &Verified,
    ) -> Result<(), Refused> {
        if !is_within_reach(caller, &verified.claims.client_id) {
            return Err(Refused::Grant);
        }
        if self.confirm(verified).await?.is_err() {
            return Ok(());
        }
        let entry = revoked(caller, &verified.claims);
        Ok(self.end_token(verified.claims.jti.clone(), entry).await?)
    }

    /// Ends the access token of this `jti`, one of ours or an old one of another issuer, wherever it is shown.
    pub async fn revoke_token(&self, jti: String) -> Result<(), Error> {
        let detail = json!({ "jti": jti });
        let entry = Entry { detail, ..Entry::new("token_revoked", Some(self.acting)) };
        self.end_token(jti, entry).await
    }

    async fn end_token(&self, jti: String, entry: Entry) -> Result<(), Error> {
        let offset_us = self.clock.offset_us();
        let appended = self
            .db
            .write(move |conn| {
                audit::write(conn, offset_us, entry)?;
                feed::append(conn, offset_us, &[NewEvent::Token(jti)])
            })
            .await?;
        self.feed.committed(appended).await;
        Ok(())
    }

    /// Ends the session of a refresh token, and with it every token of it. What is no token of ours is over already.
    pub async fn revoke_refresh_token(&self, caller: &KnownClient, presented: &str) -> Result<(), Refused> {
        let Some((token, issued)) = self.issued_to(presented).await? else { return Ok(()) };
        if !is_within_reach(caller, &issued.client_id) {
            return Err(Refused::Grant);
        }
        Ok(self.end_session(token.session, Some(Actor::Client(caller.client.id))).await?)
    }

    /// Whom an authentic refresh token was issued to; `None` where it is not ours, or its session long gone.
    async fn issued_to(&self, presented: &str) -> Result<Option<(RefreshToken, IssuedTo)>, Error> {
        let token = match self.authentic(presented).await {
            Ok(token) => token,
            Err(Error::RefreshTokenInvalid) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (offset_us, session) = (self.clock.offset_us(), token.session);
        let issued = self.db.read(move |conn| sessions::issued_to(conn, offset_us, session)).await?;
        Ok(issued.map(|issued| (token, issued)))
    }

    fn service_claims(&self, caller: &KnownClient, scope: &Words, audiences: &Words) -> Claims {
        let iat = caller.now.as_secs();
        Claims {
            iss: self.settings.issuer.clone(),
            sub: caller.client.id.subject(),
            aud: audiences.to_vec(),
            exp: iat + self.settings.access_ttl.as_secs() as i64,
            iat,
            jti: common::ids::Uuid::now_v7().to_string(),
            client_id: caller.client.id.to_string(),
            uv: caller.client.uv,
            scope: scope.to_string(),
            person: None,
        }
    }
}

fn narrow(scope: &Words, audiences: &Words, wanted: &Wanted) -> Result<(Words, Words), Refused> {
    let scope = scope.narrowed(wanted.scope.as_ref()).ok_or(Refused::Scope)?;
    let audiences = audiences.narrowed(wanted.audience.as_ref()).ok_or(Refused::Target)?;
    Ok((scope, audiences))
}

fn is_issued_to(caller: &KnownClient, issued: &IssuedTo) -> bool {
    issued.client_id == caller.client.id.to_string()
}

/// True for a token of the caller's own, and for every token where the caller may look at others'.
fn is_within_reach(caller: &KnownClient, client_id: &str) -> bool {
    client_id == caller.client.id.to_string() || caller.client.scopes.contains(INTROSPECT)
}

fn revoked(caller: &KnownClient, claims: &Claims) -> Entry {
    let is_persons = claims.person.is_some();
    Entry {
        user_id: claims.sub.parse().ok().filter(|_| is_persons),
        session: claims.person.as_ref().and_then(|person| person.sid.parse().ok()),
        detail: json!({ "client": claims.client_id, "jti": claims.jti }),
        ..Entry::new("token_revoked", Some(Actor::Client(caller.client.id)))
    }
}
