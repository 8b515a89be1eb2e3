use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get};
use common::web::{CursorSealer, IdPath, NoQuery, Page, Problem, ProblemBody, Query};

use super::Administrator;
use crate::domain::{SessionId, UserId};
use crate::http::list::{Part, Place};
use crate::http::sessions::SessionItem;
use crate::service::Auth;

const ROUTE: &str = "/v1/admin/users/{id}/sessions";

/// A person's sessions, the newest first; those that ended within 30 days too.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = UserId, Path, description = "The person"), Part),
    responses(
        (status = 200, body = Page<SessionItem>),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`, `unknown_parameter`, `invalid_cursor`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/users/{id}/sessions")]
pub async fn list_sessions_of(
    request: HttpRequest,
    admin: Administrator<(IdPath<UserId>, Query<Part>)>,
    auth: Data<Auth>,
    cursors: Data<CursorSealer>,
) -> Result<HttpResponse, Problem> {
    let Administrator { id: admin, given: (IdPath(user), Query(part)) } = admin;
    let (admin, of) = (admin.to_string(), user.to_string());
    let bound_to = [ROUTE, &admin, &of];
    let place: Place<'_, SessionId> = Place::of(&cursors, &bound_to, part.limit, part.cursor)?;
    let user = auth.account_of(user).await?.user.id;
    let found = auth.sessions(user, place.after, place.one_more()).await?;
    // None of them is the one that asks, but for one's own, which nobody needs this for.
    Ok(place.page(&request, found, |session| session.id, |session| SessionItem::new(session, "")))
}

/// Ends every session of a person.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = UserId, Path, description = "The person")),
    responses(
        (status = 204),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[delete("/v1/admin/users/{id}/sessions")]
pub async fn end_sessions_of(
    admin: Administrator<(IdPath<UserId>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = admin.given;
    auth.as_admin(admin.id).end_sessions_of(id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
