use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, put};
use common::web::auth::Scoped;
use common::web::{IdPath, Json, NoQuery, Problem, Validate};

use super::answer::FOR_ONE;
use crate::domain::ids::RecipeId;
use crate::domain::personal::{Personal, PersonalDraft};
use crate::error::Error;
use crate::http::author::author;
use crate::http::scopes::RecipesRead;
use crate::service::recipes::Recipes;

impl Validate for PersonalDraft {}

/// Reads what one keeps to oneself about a recipe that one may read.
#[utoipa::path(
    tag = "personal",
    operation_id = "read_personal",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Personal)),
)]
#[get("/v1/recipes/{id}/me")]
pub async fn read(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let personal = recipes.personal(id.0, author(&auth)?).await?;
    Ok(answer(&personal))
}

/// Keeps what one thinks of a recipe that one may read, and in the place of what one thought before.
#[utoipa::path(
    tag = "personal",
    operation_id = "keep_personal",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path)),
    request_body = PersonalDraft,
    responses((status = 200, body = Personal)),
)]
#[put("/v1/recipes/{id}/me")]
pub async fn keep(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    draft: Json<PersonalDraft>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let personal = draft.0.accept().map_err(Error::from)?;
    recipes.keep_personal(id.0, author(&auth)?, personal.clone()).await?;
    Ok(answer(&personal))
}

/// Forgets what one keeps to oneself about a recipe. Again is harmless.
#[utoipa::path(
    tag = "personal",
    operation_id = "forget_personal",
    security(("bearerAuth" = ["recipes:read"])),
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "Nothing is kept.")),
)]
#[delete("/v1/recipes/{id}/me")]
pub async fn forget(
    auth: Scoped<RecipesRead>,
    id: IdPath<RecipeId>,
    _: NoQuery,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    recipes.forget_personal(id.0, author(&auth)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(personal: &Personal) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, FOR_ONE)).json(personal)
}
