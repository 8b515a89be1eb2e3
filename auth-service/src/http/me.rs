use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch};
use common::web::auth::Auth as Caller;
use common::web::{Invalid, MergePatch, NoQuery, Problem, ProblemBody, Validate};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::answer::{self, UserAnswer};
use super::form;
use crate::domain::{Locale, Name, SessionId, UserId, Username};
use crate::error::Error;
use crate::service::Auth;
use crate::service::accounts::ProfileChange;

/// The person whose token it is; the tokens of services are nobody's.
pub fn person(caller: &Caller) -> Result<UserId, Problem> {
    caller.person()?;
    caller.subject().parse().map_err(|_| Error::Forbidden.into())
}

/// The session of a person's token.
pub fn session(caller: &Caller) -> Result<SessionId, Problem> {
    caller.person()?.sid.parse().map_err(|_| Error::Forbidden.into())
}

/// Oneself.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    responses(
        (status = 200, body = UserAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/me")]
pub async fn me(caller: Caller, _: NoQuery, auth: Data<Auth>) -> Result<HttpResponse, Problem> {
    let user = auth.user(person(&caller)?).await?;
    Ok(answer::private(UserAnswer::from(user)))
}

/// What to change of a profile (RFC 7396); nothing of it can be removed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfilePatch {
    #[serde(deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 100, nullable = false)]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$", nullable = false)]
    username: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(max_length = 35, nullable = false)]
    locale: Option<String>,
}

/// A member that is there must be text: null would remove what cannot be removed.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

impl Validate for ProfilePatch {}

impl ProfilePatch {
    fn read(&self) -> Result<ProfileChange, Problem> {
        let mut invalid = Invalid::default();
        let change = ProfileChange {
            name: form::optional(&mut invalid, "name", self.name.as_deref(), Name::parse),
            username: form::optional(&mut invalid, "username", self.username.as_deref(), Username::parse),
            locale: form::optional(&mut invalid, "locale", self.locale.as_deref(), Locale::parse),
        };
        form::finish(invalid, Some(change))
    }
}

/// Changes one's profile.
#[utoipa::path(
    tag = "people", security(("bearerAuth" = [])),
    request_body(content(
        (ProfilePatch = "application/merge-patch+json"),
        (ProfilePatch = "application/json"),
    )),
    responses(
        (status = 200, body = UserAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`"),
        (status = 403, body = ProblemBody, description = "`forbidden`: the token of a service"),
        (status = 409, body = ProblemBody, description = "`username_taken`"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[patch("/v1/me")]
pub async fn change_me(
    caller: Caller,
    _: NoQuery,
    body: MergePatch<ProfilePatch>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, change) = (person(&caller)?, body.0.read()?);
    Ok(answer::private(UserAnswer::from(auth.change_profile(id, change).await?)))
}
