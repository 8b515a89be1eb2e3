use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use common::time::Instant;
use common::web::{
    CursorSealer, IdPath, Invalid, Json, MergePatch, NoQuery, Page, Problem, ProblemBody, Query, Validate,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Administrator;
use crate::domain::client::grantable;
use crate::domain::{ClientId, ClientSecret, Name, ServiceClient, Words};
use crate::http::list::{Part, Place};
use crate::http::{answer, form};
use crate::service::Auth;
use crate::service::clients::{ClientChange, NewClient};

/// A service that is to call others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientForm {
    /// What administrators call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What its tokens may permit; may be none.
    #[serde(default)]
    scopes: Vec<String>,
    /// The services that its tokens may be good for.
    #[schema(min_items = 1)]
    audiences: Vec<String>,
}

impl Validate for ClientForm {}

impl ClientForm {
    fn read(&self) -> Result<NewClient, Problem> {
        let mut invalid = Invalid::default();
        let name = form::optional(&mut invalid, "name", Some(&self.name), Name::parse);
        let scopes = words(&mut invalid, "scopes", Some(&self.scopes), 0);
        let audiences = words(&mut invalid, "audiences", Some(&self.audiences), 1);
        let new = name.zip(scopes.zip(audiences));
        form::finish(invalid, new.map(|(name, (scopes, audiences))| NewClient { name, scopes, audiences }))
    }
}

/// What to change of a client (RFC 7396); nothing of it can be removed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClientPatch {
    #[serde(deserialize_with = "form::given")]
    #[schema(min_length = 1, max_length = 100, nullable = false)]
    name: Option<String>,
    #[serde(deserialize_with = "form::given")]
    #[schema(nullable = false)]
    scopes: Option<Vec<String>>,
    #[serde(deserialize_with = "form::given")]
    #[schema(min_items = 1, nullable = false)]
    audiences: Option<Vec<String>>,
}

impl Validate for ClientPatch {}

impl ClientPatch {
    fn read(&self) -> Result<ClientChange, Problem> {
        let mut invalid = Invalid::default();
        let change = ClientChange {
            name: form::optional(&mut invalid, "name", self.name.as_deref(), Name::parse),
            scopes: words(&mut invalid, "scopes", self.scopes.as_deref(), 0),
            audiences: words(&mut invalid, "audiences", self.audiences.as_deref(), 1),
        };
        form::finish(invalid, Some(change))
    }
}

/// Reads a list of words of which there must be so many.
fn words(invalid: &mut Invalid, member: &str, given: Option<&[String]>, least: usize) -> Option<Words> {
    match grantable(given?) {
        Ok(words) if words.iter().count() < least => {
            invalid.add(member, "too_short", "Needs at least one word.");
            None
        }
        Ok(words) => Some(words),
        Err(unfit) => {
            invalid.add(member, unfit.code, unfit.detail);
            None
        }
    }
}

/// A service that may call others.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientAnswer {
    client_id: ClientId,
    name: String,
    scopes: Vec<String>,
    audiences: Vec<String>,
    /// `active`, or `disabled` for ever.
    #[schema(value_type = String)]
    state: &'static str,
    created_at: Instant,
}

impl From<ServiceClient> for ClientAnswer {
    fn from(client: ServiceClient) -> Self {
        Self {
            client_id: client.id,
            name: client.name,
            scopes: client.scopes.to_vec(),
            audiences: client.audiences.to_vec(),
            state: client.state.as_str(),
            created_at: client.created_at,
        }
    }
}

/// What a service proves itself by. The secret is shown here and never again.
#[derive(Serialize, ToSchema)]
pub struct ClientCredentials {
    client_id: ClientId,
    client_secret: String,
}

fn credentials(status: StatusCode, id: ClientId, secret: &ClientSecret) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    if status == StatusCode::CREATED {
        response.insert_header((LOCATION, format!("{ROUTE}/{id}")));
    }
    response.json(ClientCredentials { client_id: id, client_secret: secret.expose().to_owned() })
}

const ROUTE: &str = "/v1/admin/clients";

/// The services that may call others, the oldest first.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(Part),
    responses(
        (status = 200, body = Page<ClientAnswer>),
        (status = 400, body = ProblemBody, description = "`invalid_parameter`, `unknown_parameter`, `invalid_cursor`"),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/clients")]
pub async fn list_clients(
    request: HttpRequest,
    admin: Administrator<Query<Part>>,
    auth: Data<Auth>,
    cursors: Data<CursorSealer>,
) -> Result<HttpResponse, Problem> {
    let (part, admin) = (admin.given.0, admin.id.to_string());
    let bound_to = [ROUTE, &admin];
    let place: Place<'_, ClientId> = Place::of(&cursors, &bound_to, part.limit, part.cursor)?;
    // There are few, so that the database need not count.
    let all = auth.clients().await?.into_iter();
    let found = all.filter(|client| place.after.is_none_or(|after| client.id > after));
    let found = found.take(place.one_more() as usize).collect();
    Ok(place.page(&request, found, |client| client.id, ClientAnswer::from))
}

/// Adds a service that may call others.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), request_body = ClientForm,
    responses(
        (status = 201, body = ClientCredentials, headers(("Location" = String, description = "The client"))),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/admin/clients")]
pub async fn create_client(
    admin: Administrator<(NoQuery, Json<ClientForm>)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (_, body) = admin.given;
    let (id, secret) = auth.as_admin(admin.id).create_client(body.0.read()?).await?;
    Ok(credentials(StatusCode::CREATED, id, &secret))
}

/// A service that may call others.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = ClientId, Path, description = "The client")),
    responses(
        (status = 200, body = ClientAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[get("/v1/admin/clients/{id}")]
pub async fn show_client(
    admin: Administrator<(IdPath<ClientId>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = admin.given;
    Ok(answer::private(ClientAnswer::from(auth.client(id.0).await?)))
}

/// Changes an active client. Where it may have other scopes or audiences from now on, its tokens end.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = ClientId, Path, description = "The client")),
    request_body(content(
        (ClientPatch = "application/merge-patch+json"),
        (ClientPatch = "application/json"),
    )),
    responses(
        (status = 200, body = ClientAnswer),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`, or disabled"),
        (status = 422, body = ProblemBody, description = "`validation_failed`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[patch("/v1/admin/clients/{id}")]
pub async fn change_client(
    admin: Administrator<(IdPath<ClientId>, NoQuery, MergePatch<ClientPatch>)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _, body) = admin.given;
    let client = auth.as_admin(admin.id).change_client(id.0, body.0.read()?).await?;
    Ok(answer::private(ClientAnswer::from(client)))
}

/// Disables a client for ever: its tokens end, and it gets no more. It stays in the list.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = ClientId, Path, description = "The client")),
    responses(
        (status = 204),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[delete("/v1/admin/clients/{id}")]
pub async fn disable_client(
    admin: Administrator<(IdPath<ClientId>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = admin.given;
    auth.as_admin(admin.id).disable_client(id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an active client another secret: the old one and its tokens end.
#[utoipa::path(
    tag = "administration", security(("bearerAuth" = ["admin"])), params(("id" = ClientId, Path, description = "The client")),
    responses(
        (status = 200, body = ClientCredentials),
        (status = 401, body = ProblemBody, description = "`missing_token`, `invalid_token`, `token_expired`, `token_revoked`, `reauthentication_required`: proved who they are more than 15 minutes ago"),
        (status = 403, body = ProblemBody, description = "`insufficient_scope`: no administrator"),
        (status = 404, body = ProblemBody, description = "`not_found`, or disabled"),
        (status = 503, body = ProblemBody, description = "`database_unavailable`"),
    )
)]
#[post("/v1/admin/clients/{id}/secret")]
pub async fn renew_client_secret(
    admin: Administrator<(IdPath<ClientId>, NoQuery)>,
    auth: Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = admin.given;
    let secret = auth.as_admin(admin.id).renew_client_secret(id.0).await?;
    Ok(credentials(StatusCode::OK, id.0, &secret))
}
