use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use common::time::Instant;
use common::web::{CursorSealer, Page, Problem, ProblemBody, Query};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Administrator;
use crate::domain::{SessionId, UserId};
use crate::http::list::{Part, Place};
use crate::service::Auth;
use crate::service::admin::{AuditId, Noted};

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct EntryAnswer {
    id: AuditId,
    at: Instant,
    /// What it was, such as `logged_in`, `login_failed`, `refresh_token_reused` or `client_created`.
    event: String,
    /// Who did it: the id of a person, `client:` and the id of a service, or `operator` on the command line. Null where
    /// nobody knows, and where time did.
    actor: Option<String>,
    /// `done` or `refused`.
    outcome: String,
    /// The request that it was done by, as the log names it.
    request_id: Option<String>,
    /// Whose account it was about.
    user_id: Option<UserId>,
    session_id: Option<SessionId>,
    /// What else is known, by its kind.
    #[schema(value_type = Object)]
    detail: Value,
    /// From where it was done; empty once the account is deleted.
    #[schema(value_type = Option<Object>)]
    personal: Option<Value>,
}

impl From<Noted> for EntryAnswer {
    fn from(noted: Noted) -> Self {
        let Noted { id, at, event, user_id, session, detail, personal, actor, outcome, request_id } = noted;
        Self { id, at, event, actor, outcome, request_id, user_id, session_id: session, detail, personal }
    }
}

const ROUTE: &str = "/v1/admin/audit";

/// What happened, the newest first. Nothing changes or removes an entry.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(Part),
    responses(
        (status = 200, body = Page<EntryAnswer>),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`, `unknown_parameter`, `invalid_cursor`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/audit")]
pub async fn list_audit(
    request: HttpRequest,
    admin: Administrator<Query<Part>>,
    auth: Data<Auth>,
    cursors: Data<CursorSealer>,
) -> Result<HttpResponse, Problem> {
    let (part, admin) = (admin.given.0, admin.id.to_string());
    let bound_to = [ROUTE, &admin];
    let place: Place<'_, AuditId> = Place::of(&cursors, &bound_to, part.limit, part.cursor)?;
    let found = auth.audit(place.after, place.one_more()).await?;
    Ok(place.page(&request, found, |noted| noted.id, EntryAnswer::from))
}
