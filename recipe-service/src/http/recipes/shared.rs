use actix_web::http::header::{CACHE_CONTROL, HeaderValue, REFERRER_POLICY};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use common::web::{IdPath, Problem, Query};

use super::accept::Wanted;
use super::answer::{Answer, NO_REFERRER};
use super::body::{JsonLdBody, RecipeBody};
use super::view::ViewQuery;
use crate::domain::share::ShareToken;
use crate::service::recipes::Recipes;

/// Reads the recipe that a link leads to, in the form that `Accept` asks for. No token of an account is looked at.
#[utoipa::path(
    tag = "shares",
    operation_id = "read_shared",
    security(()),
    params(("token" = String, Path, description = "What the link's maker was told."), ViewQuery),
    responses((
        status = 200,
        content(
            (RecipeBody = "application/json"),
            (JsonLdBody = "application/ld+json"),
            (String = "text/html"),
            (String = "text/markdown"),
            (String = "text/x-cooklang"),
        ),
    )),
)]
#[get("/v1/shared/{token}")]
pub async fn read(
    token: IdPath<ShareToken>,
    form: Wanted,
    view: Query<ViewQuery>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let view = view.0.view()?;
    let gallery = recipes.links().of_share(&token.0.expose());
    let shared = recipes.shared(token.0).await.map_err(|error| unkept(error.into()))?;
    Answer::to_guest(shared, gallery).shown(form.0, view).rendered()
}

/// A link that leads nowhere today is not remembered by anyone's cache either.
pub fn unkept(problem: Problem) -> Problem {
    problem.header(CACHE_CONTROL, HeaderValue::from_static("no-store")).header(REFERRER_POLICY, NO_REFERRER)
}
