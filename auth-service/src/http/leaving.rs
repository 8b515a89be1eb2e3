use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get};
use common::time::Instant;
use common::web::auth::{Auth as Caller, Fresh};
use common::web::{NoQuery, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::answer::UserAnswer;
use super::cookies::Cookies;
use super::me::person;
use super::sessions::SessionItem;
use crate::service::Auth;
use crate::service::leaving::{Credential, Kept, Noted};

/// All that is kept about a person here. Recipes are exported where they are kept.
#[derive(Serialize, ToSchema)]
pub struct Export {
    exported_at: Instant,
    user: UserAnswer,
    /// What another system calls the person.
    external_id: Option<String>,
    /// The address that a link was sent to, which is still to be followed.
    awaited_email: Option<String>,
    /// What an operator agreed with other services; it is in every token.
    #[schema(value_type = Option<Object>)]
    ext: Option<Value>,
    credentials: Vec<CredentialItem>,
    sessions: Vec<SessionItem>,
    events: Vec<EventItem>,
}

/// One way to prove who one is; the proof itself is nobody's to read.
#[derive(Serialize, ToSchema)]
pub struct CredentialItem {
    #[schema(example = "password")]
    kind: String,
    created_at: Instant,
    updated_at: Instant,
}

/// Something that happened to the account.
#[derive(Serialize, ToSchema)]
pub struct EventItem {
    at: Instant,
    #[schema(example = "logged_in")]
    event: String,
    #[schema(value_type = Object)]
    detail: Value,
    /// Where it came from.
    #[schema(value_type = Option<Object>)]
    personal: Option<Value>,
}

impl Export {
    fn new(kept: Kept, present: &str) -> Self {
        Self {
            exported_at: kept.at,
            external_id: kept.external_id,
            awaited_email: kept.awaited_email,
            ext: kept.user.ext.clone(),
            user: UserAnswer::from(kept.user),
            credentials: kept.credentials.into_iter().map(CredentialItem::from).collect(),
            sessions: kept.sessions.into_iter().map(|session| SessionItem::new(session, present)).collect(),
            events: kept.events.into_iter().map(EventItem::from).collect(),
        }
    }
}

impl From<Credential> for CredentialItem {
    fn from(Credential { kind, created_at, updated_at }: Credential) -> Self {
        Self { kind, created_at, updated_at }
    }
}

impl From<Noted> for EventItem {
    fn from(Noted { at, event, detail, personal, .. }: Noted) -> Self {
        Self { at, event, detail, personal }
    }
}

/// All that is kept about oneself.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 200, body = Export),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/me/export")]
pub async fn export(caller: Caller, _: NoQuery, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    let kept = auth.export(person(&caller)?).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store"));
    response.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"account.json\""));
    Ok(response.json(Export::new(kept, &caller.person()?.sid)))
}

/// What becomes of recipes.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Leaving {
    /// `keep` leaves those that are published, without their owner's name.
    #[param(inline)]
    recipes: RecipesParam,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RecipesParam {
    #[default]
    Delete,
    Keep,
}

/// Deletes one's account: every session ends, and other services are told.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    params(Leaving),
    responses(
        (status = 204),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[delete("/v1/me")]
pub async fn delete_me(
    caller: Fresh<300>,
    leaving: Query<Leaving>,
    auth: Data<Auth>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    auth.delete(person(&caller)?, leaving.0.recipes == RecipesParam::Keep).await?;
    Ok(cookies.part(&caller, HttpResponse::NoContent().finish()))
}
