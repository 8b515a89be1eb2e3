use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get};
use common::time::Instant;
use common::web::auth::Auth as Caller;
use common::web::{CursorSealer, IdPath, NoQuery, Page, Problem, ProblemBody, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{Part, Place};
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

const ROUTE: &str = "/v1/sessions";

/// One's sessions, the newest first; those that ended within 30 days too.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])), params(Part),
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
    let place: Place<'_, SessionId> = Place::of(&cursors, &bound_to, part.0.limit, part.0.cursor)?;
    let listed = auth.sessions(user, place.after, place.one_more()).await?;
    let present = &caller.person()?.sid;
    Ok(place.page(&request, listed, |session| session.id, |session| SessionItem::new(session, present)))
}

/// Ends one of one's sessions.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
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
