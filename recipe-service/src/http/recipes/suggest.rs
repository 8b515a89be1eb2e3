use actix_web::http::header::{CACHE_CONTROL, VARY};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use common::web::auth::MaybeAuth;
use common::web::{Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{FOR_ALL, FOR_ONE, VARIES};
use crate::domain::ids::RecipeId;
use crate::http::scopes::reader;
use crate::service::recipes::{Recipes, Suggestions};

/// What somebody is writing.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestQuery {
    /// As far as they are.
    #[param(value_type = String, min_length = 1, max_length = 100)]
    q: Beginning,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Beginning(String);

/// How it may go on.
#[derive(Serialize, ToSchema)]
#[schema(as = Suggestions)]
pub struct SuggestionsBody {
    /// Recipes that have the words in their title, the last of them as a beginning.
    titles: Vec<TitleBody>,
    /// Tags that begin so, in lower case, those of the most recipes first.
    tags: Vec<String>,
    /// Ingredients that begin so, in lower case, those of the most recipes first.
    ingredients: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Title)]
pub struct TitleBody {
    #[schema(value_type = Uuid)]
    id: RecipeId,
    title: String,
}

const MAX_CHARS: usize = 100;
/// So many of each kind.
const LIMIT: u32 = 10;

/// Suggests titles, tags and ingredients of public recipes and, to who may read them, one's own.
#[utoipa::path(
    tag = "recipes",
    operation_id = "suggest",
    security((), ("bearerAuth" = ["recipes:read"])),
    params(SuggestQuery),
    responses((status = 200, body = SuggestionsBody)),
)]
#[get("/v1/suggest")]
pub async fn suggest(
    auth: MaybeAuth,
    query: Query<SuggestQuery>,
    recipes: Data<Recipes>,
) -> Result<HttpResponse, Problem> {
    let suggestions = recipes.suggest(query.0.q.0, reader(&auth), LIMIT).await?;
    let cache = if auth.0.is_none() { FOR_ALL } else { FOR_ONE };
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, cache)).insert_header((VARY, VARIES));
    Ok(response.json(SuggestionsBody::from(suggestions)))
}

impl TryFrom<String> for Beginning {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_usable = !text.trim().is_empty() && text.chars().count() <= MAX_CHARS;
        is_usable.then_some(Self(text)).ok_or("empty or too long")
    }
}

impl From<Suggestions> for SuggestionsBody {
    fn from(suggestions: Suggestions) -> Self {
        let Suggestions { titles, tags, ingredients } = suggestions;
        let titles = titles.into_iter().map(|found| TitleBody { id: found.id, title: found.title }).collect();
        Self { titles, tags, ingredients }
    }
}
