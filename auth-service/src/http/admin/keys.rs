use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use common::time::Instant;
use common::web::{NoQuery, Problem, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;

use super::Administrator;
use crate::error::Error;
use crate::http::answer;
use crate::service::Auth;
use crate::service::keys::{KeyInfo, RevokedKey, RotatedKeys};

/// A signing key.
#[derive(Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub struct KeyAnswer {
    /// As the header of a token names it: a thumbprint (RFC 7638).
    kid: String,
    alg: String,
    /// `next`, `current`, `retiring`, `retired` or `revoked`.
    #[schema(value_type = String)]
    state: &'static str,
    created_at: Instant,
    /// From when on it may sign, and once it does, since when it has.
    signs_from: Instant,
    /// When it ceased to sign.
    retired_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl From<KeyInfo> for KeyAnswer {
    fn from(key: KeyInfo) -> Self {
        let KeyInfo { kid, alg, state, created_at, signs_from, retired_at, revoked_at, .. } = key;
        Self { kid, alg, state: state.name(), created_at, signs_from, retired_at, revoked_at }
    }
}

/// Every signing key that there ever was, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct SigningKeys {
    items: Vec<KeyAnswer>,
    /// Always null: there are few.
    #[schema(value_type = Option<String>)]
    next_cursor: (),
}

/// Which key signs now, and which did.
#[derive(Serialize, ToSchema)]
#[schema(as = RotatedKeys)]
pub struct RotatedAnswer {
    current: String,
    retiring: String,
    next: String,
}

impl From<RotatedKeys> for RotatedAnswer {
    fn from(RotatedKeys { current, retiring, next }: RotatedKeys) -> Self {
        Self { current, retiring, next }
    }
}

/// A key that is refused everywhere.
#[derive(Serialize, ToSchema)]
#[schema(as = RevokedKey)]
pub struct RevokedAnswer {
    kid: String,
    /// The state that it was in; null where it had been revoked before.
    #[schema(value_type = Option<String>)]
    was: Option<&'static str>,
}

impl From<RevokedKey> for RevokedAnswer {
    fn from(RevokedKey { kid, was }: RevokedKey) -> Self {
        Self { kid, was: was.map(|state| state.name()) }
    }
}

/// Every signing key that there ever was, the oldest first.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])),
    responses(
        (status = 200, body = SigningKeys),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/keys")]
pub async fn list_keys(_: Administrator<NoQuery>, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    let keys = auth.keys().await.map_err(Error::from)?;
    let items = keys.into_iter().map(KeyAnswer::from).collect();
    Ok(answer::private(SigningKeys { items, next_cursor: () }))
}

/// Has the next key sign from now on. No token stops working.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])),
    responses(
        (status = 200, body = RotatedAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 409, body = ProblemBody, description = "`key_too_new`: it was not published for long enough, with `Retry-After`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/v1/admin/keys/rotate")]
pub async fn rotate_keys(admin: Administrator<NoQuery>, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    let rotated = auth.as_admin(admin.id).rotate_keys().await.map_err(Error::from)?;
    Ok(answer::private(RotatedAnswer::from(rotated)))
}

/// Refuses a key for ever, and everything that it signed. Where it is the one that signs, the next one does at once.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("kid" = String, Path, description = "The key")),
    responses(
        (status = 200, body = RevokedAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`busy`, `database_unavailable`, `keys_unavailable`"),
    )
)]
#[post("/v1/admin/keys/{kid}/revoke")]
pub async fn revoke_key(
    admin: Administrator<(Path<String>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (kid, _) = admin.given;
    let revoked = auth.as_admin(admin.id).revoke_key(&kid).await.map_err(Error::from)?;
    Ok(answer::private(RevokedAnswer::from(revoked)))
}
