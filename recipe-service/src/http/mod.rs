//! The routes: each extracts, calls one use case, renders.

mod author;
mod exports;
mod images;
mod imports;
mod ingredients;
pub mod legacy;
mod recipes;
pub mod scopes;

use common::web::Operations;

/// The operations that need no token, as method and path. A test holds it against the OpenAPI document.
pub const ANONYMOUS: &[(&str, &str)] = &[
    ("get", "/healthz"),
    ("get", "/v1/recipes"),
    ("get", "/v1/recipes/{id}"),
    ("get", "/v1/recipes/{id}/cover"),
    ("get", "/v1/recipes/{id}/images/{hash}/{file}"),
    ("get", "/v1/recipes/{id}/steps/{step}/image"),
    ("get", "/v1/shared/{token}"),
    ("get", "/v1/shared/{token}/images/{hash}/{file}"),
    ("get", "/v1/suggest"),
];

/// Lists the operations of this service.
pub fn routes(operations: &mut Operations<'_>) {
    recipes::routes(operations);
    images::routes(operations);
    operations.service(ingredients::parse).service(exports::export).service(imports::import);
}
