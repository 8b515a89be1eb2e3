use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch};
use common::web::{
    CursorSealer, IdPath, Invalid, Limit, MergePatch, NoQuery, Page, Problem, ProblemBody, Query, Validate,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Administrator;
use crate::domain::account::{ExternalId, ext, roles};
use crate::domain::{UserId, UserState};
use crate::http::answer::{self, UserAnswer};
use crate::http::form;
use crate::http::list::Place;
use crate::service::Auth;
use crate::service::admin::{Account, AccountChange};

/// A person, as administrators see them.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountAnswer {
    #[serde(flatten)]
    user: UserAnswer,
    state: AccountState,
    /// What was agreed with other services about them: the claim `ext` of their tokens.
    #[schema(value_type = Option<Object>)]
    ext: Option<Value>,
    /// By what another system knows them.
    external_id: Option<String>,
}

impl From<Account> for AccountAnswer {
    fn from(Account { user, external_id }: Account) -> Self {
        let is_active = user.state == UserState::Active;
        let state = if is_active { AccountState::Active } else { AccountState::Disabled };
        Self { state, ext: user.ext.clone(), external_id, user: user.into() }
    }
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    Active,
    /// Nobody logs in to it.
    Disabled,
}

/// What to change of an account (RFC 7396).
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(deserialize_with = "form::given")]
    #[schema(nullable = false)]
    state: Option<AccountState>,
    /// All roles; those that are not named are taken away. `admin` is the only one that means something here.
    #[serde(deserialize_with = "form::given")]
    #[schema(nullable = false, max_items = 16)]
    roles: Option<Vec<String>>,
    /// An object of at most 512 bytes, as a whole; null removes it.
    #[serde(deserialize_with = "form::given")]
    #[schema(value_type = Option<Object>)]
    ext: Option<Option<Map<String, Value>>>,
    /// Unique among all accounts; null removes it.
    #[serde(deserialize_with = "form::given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    external_id: Option<Option<String>>,
}

impl Validate for AccountPatch {}

impl AccountPatch {
    fn read(self) -> Result<AccountChange, Problem> {
        let mut invalid = Invalid::default();
        let roles = form::checked(&mut invalid, "roles", self.roles, |given| roles(&given));
        let ext = form::checked(&mut invalid, "ext", self.ext, |given| given.map(ext).transpose());
        let external_id = form::checked(&mut invalid, "external_id", self.external_id, |given| {
            given.as_deref().map(ExternalId::parse).transpose()
        });
        let external_id = external_id.map(|id| id.map(ExternalId::into_string));
        let active = self.state.map(|state| state == AccountState::Active);
        form::finish(invalid, Some(AccountChange { active, roles, ext, external_id }))
    }
}

/// Whom to list.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of an address, a user name or a name, or a whole id or external id; everybody where it is missing.
    #[param(max_length = 254)]
    q: Option<String>,
    #[param(inline)]
    limit: Limit,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

const ROUTE: &str = "/v1/admin/users";

/// People, the newest first.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(Search),
    responses(
        (status = 200, body = Page<AccountAnswer>),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`, `unknown_parameter`, `invalid_cursor`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/users")]
pub async fn list_accounts(
    request: HttpRequest,
    admin: Administrator<Query<Search>>,
    auth: Data<Auth>,
    cursors: Data<CursorSealer>,
) -> Result<HttpResponse, Problem> {
    let (search, admin) = (admin.given.0, admin.id.to_string());
    let text = search.q.unwrap_or_default().trim().to_owned();
    let bound_to = [ROUTE, &admin, &text];
    let place: Place<'_, UserId> = Place::of(&cursors, &bound_to, search.limit, search.cursor)?;
    let found = auth.people(text.clone(), place.after, place.one_more()).await?;
    Ok(place.page(&request, found, |account| account.user.id, AccountAnswer::from))
}

/// A person.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = UserId, Path, description = "The person")),
    responses(
        (status = 200, body = AccountAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/users/{id}")]
pub async fn show_account(
    admin: Administrator<(IdPath<UserId>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = admin.given;
    Ok(answer::private(AccountAnswer::from(auth.account_of(id.0).await?)))
}

/// Changes an account. Access tokens that say what is not so any more end; sessions go on, unless the account is closed.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = UserId, Path, description = "The person")),
    request_body(content(
        (AccountPatch = "application/merge-patch+json"),
        (AccountPatch = "application/json"),
    )),
    responses(
        (status = 200, body = AccountAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 409, body = ProblemBody, description = "`external_id_taken`"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[patch("/v1/admin/users/{id}")]
pub async fn change_account(
    admin: Administrator<(IdPath<UserId>, NoQuery, MergePatch<AccountPatch>)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _, body) = admin.given;
    let account = auth.as_admin(admin.id).change_account(id.0, body.0.read()?).await?;
    Ok(answer::private(AccountAnswer::from(account)))
}
