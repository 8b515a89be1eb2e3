//! Importing recipes.

mod answer;
mod body;
mod query;

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use common::web::auth::Scoped;
use common::web::{Problem, Query};

use self::answer::ImportBody;
use self::body::{Import, PageToImport};
use self::query::ImportQuery;
use super::author::author;
use super::scopes::RecipesWrite;
use crate::service::imports::Imports;

/// Reads a recipe out of a page, its JSON-LD, pasted text, Markdown or Cooklang, and keeps it.
///
/// The report says of every field what it was read from, and of everything else why it was dropped. The body is all that is
/// read, and nothing is fetched, unless the service is set to: then `application/json` names a page, which is fetched from
/// the public internet, whose redirects are followed, and whose address is the recipe's source.
#[utoipa::path(
    tag = "imports",
    operation_id = "import_recipe",
    security(("bearerAuth" = ["recipes:write"])),
    params(ImportQuery),
    request_body(
        content(
            (String = "text/html"), (String = "application/ld+json"), (String = "text/plain"),
            (String = "text/markdown"), (String = "text/x-cooklang"), (PageToImport = "application/json"),
        ),
        description = "Up to 8 MiB in UTF-8. JSON is taken where RECIPES_FETCH_URLS is true.",
    ),
    responses(
        (
            status = 201, description = "It was kept.", body = ImportBody,
            headers(("Location" = String, description = "Where it is."), ("ETag" = String, description = "Its version.")),
        ),
        (status = 200, description = "Nothing was made: a rehearsal, or a recipe that was there before.", body = ImportBody),
    ),
)]
#[post("/v1/imports")]
pub async fn import(
    auth: Scoped<RecipesWrite>,
    query: Query<ImportQuery>,
    import: Import,
    imports: Data<Imports>,
) -> Result<HttpResponse, Problem> {
    let (author, is_rehearsal) = (author(&auth)?, query.0.dry_run);
    let posted = query.0.posted(import.0);
    if is_rehearsal {
        return Ok(answer::rehearsed(imports.rehearse(author, posted).await?));
    }
    Ok(answer::done(imports.import(author, posted).await?, imports.links()))
}
