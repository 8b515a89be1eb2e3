use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get};
use common::time::Instant;
use common::web::auth::Auth as Caller;
use common::web::{CursorSealer, IdPath, Limit, NoQuery, Page, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::me::person;
use crate::domain::SessionId;
use crate::service::Auth;
use crate::service::sessions::Listed;

/// A session as its owner sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedSession)]
pub struct SessionItem {
    id: SessionId,
    /// True for the session of the token that asks.
    current: bool,
    created_at: Instant,
    last_used_at: Instant,
    /// Where it was opened from.
    ip: Option<String>,
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    ended_at: Option<Instant>,
    /// `logged_out`, `refresh_token_reused`, `password_changed`, `reauthenticated`, `account_disabled`, `ended_by_admin`,
    /// `account_deleted` or `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    end_reason: Option<String>,
}

impl SessionItem {
    pub fn new(listed: Listed, present: &str) -> Self {
        Self {
            current: listed.id.to_string() == present,
            id: listed.id,
            created_at: listed.created_at,
            last_used_at: listed.last_used_at,
            ip: listed.client.ip,
            user_agent: listed.client.user_agent,
            ended_at: listed.ended_at,
            end_reason: listed.end_reason,
        }
    }
}

/// Which part of the list.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    #[param(inline)]
    limit: Limit,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

const ROUTE: &str = "/v1/sessions";

/// One's sessions, the newest first; those that ended within 30 days too.
#[utoipa::path(
    tag = "people", params(Part),
    responses(
        (status = 200, body = Page<SessionItem>),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`, `invalid_cursor`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/sessions")]
pub async fn list(
    request: HttpRequest,
    caller: Caller,
    part: Query<Part>,
    auth: Data<Auth>,
    cursors: Data<CursorSealer>,
) -> Result<HttpResponse, Problem> {
    let user = person(&caller)?;
    let bound_to = [ROUTE, caller.subject()];
    let before: Option<SessionId> =
        part.0.cursor.map(|cursor| cursors.open(&cursor, &bound_to)).transpose()?;
    let limit = part.0.limit.get() as usize;
    // One more than asked for tells whether there is a next page.
    let mut listed = auth.sessions(user, before, limit as i64 + 1).await?;
    let has_more = listed.len() > limit;
    listed.truncate(limit);
    let next = listed.last().filter(|_| has_more).map(|last| cursors.seal(&last.id, &bound_to));
    let present = &caller.person()?.sid;
    let items = listed.into_iter().map(|session| SessionItem::new(session, present)).collect();
    let mut response = Page { items, next_cursor: next }.respond_to(&request);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Ends one of one's sessions.
#[utoipa::path(
    tag = "people",
    params(("id" = SessionId, Path, description = "The session")),
    responses(
        (status = 204),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 404, body = ProblemBody, description = "`not_found`: somebody else's, too"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[delete("/v1/sessions/{id}")]
pub async fn end(
    caller: Caller,
    id: IdPath<SessionId>,
    _: NoQuery,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    auth.end_own_session(person(&caller)?, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
