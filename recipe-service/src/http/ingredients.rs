use actix_web::post;
use actix_web::web::Json as Rendered;
use common::web::auth::Scoped;
use common::web::{Json, NoQuery, Problem, Validate};
use serde::Serialize;
use utoipa::ToSchema;

use super::scopes::RecipesRead;
use crate::domain::ids::PartId;
use crate::domain::ingredient::{LinesDraft, ReadIngredient};
use crate::error::Error;

/// What was read of lines, in their order.
#[derive(Serialize, ToSchema)]
pub struct ReadLines {
    items: Vec<ReadIngredient>,
}

// 500 lines of 1 000 characters, each of up to four bytes, would be more; nobody has them.
impl Validate for LinesDraft {
    const MAX_BYTES: usize = 1024 * 1024;
}

/// Reads ingredient lines as people write them, in English and Korean. Nothing is kept.
#[utoipa::path(
    tag = "ingredients",
    operation_id = "parse_ingredients",
    security(("bearerAuth" = ["recipes:read"])),
    request_body = LinesDraft,
    responses((status = 200, body = ReadLines)),
)]
#[post("/v1/ingredients/parse")]
pub async fn parse(
    _: Scoped<RecipesRead>,
    _: NoQuery,
    lines: Json<LinesDraft>,
) -> Result<Rendered<ReadLines>, Problem> {
    let items = lines.0.read(&mut PartId::new).map_err(Error::from)?;
    Ok(Rendered(ReadLines { items }))
}
