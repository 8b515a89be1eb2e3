use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use common::web::auth::Auth as Caller;
use common::web::{IdPath, NoQuery, Problem, ProblemBody};

use super::answer::{self, UserAnswer};
use crate::domain::UserId;
use crate::error::Error;
use crate::service::Auth;

/// A person: oneself, or anybody for an administrator.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    params(("id" = UserId, Path, description = "The person")),
    responses(
        (status = 200, body = UserAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: somebody else"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/users/{id}")]
pub async fn user(
    caller: Caller,
    id: IdPath<UserId>,
    _: NoQuery,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    // Said before looking, so that nobody learns who exists.
    if caller.subject() != id.0.to_string() && !caller.claims().has_role("admin") {
        return Err(Error::Forbidden.into());
    }
    Ok(answer::private(UserAnswer::from(auth.user(id.0).await?)))
}
