//! The OpenAPI document, made from the routes, and the page to try them on.

use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LOCATION,
};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;
use utoipa::{PartialSchema, ToSchema};
use utoipa_swagger_ui::Config;

use super::auth::{access_cookie, refresh_cookie};
use super::codes::{self, Code};
use super::etag::{Condition, ETag};
use super::operations::Operations;
use super::problem::{FieldError, Problem, ProblemBody};
use super::site::{About, ListRoutes, Pages, healthz};

/// What swagger-ui needs and nothing else: its own scripts, inline styles, and icons in data URLs.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                   font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The OpenAPI document of a service, for its subcommand `openapi` too.
pub fn document(about: &About, routes: ListRoutes) -> OpenApi {
    let described = Operations::described(|operations| {
        routes(operations);
        operations.service(healthz);
    });
    let mut document = serde_json::to_value(described).expect("BUG: the OpenAPI document is not JSON");
    describe(&mut document, about);
    for item in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        add_problem_response(item);
        name_media_type_of_problems(item);
        add_cookie(item);
    }
    serde_json::from_value(document).expect("BUG: the OpenAPI document cannot be read back")
}

fn describe(document: &mut Value, about: &About) {
    document["info"] = json!({ "title": about.title, "version": about.version });
    // Relative first, so that the page works under whichever name it was opened.
    document["servers"] = json!([{ "url": "/" }, { "url": about.public_url }]);
    let schemes = &mut document["components"]["securitySchemes"];
    schemes["bearerAuth"] = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
    schemes["cookieAuth"] = json!({
        "type": "apiKey", "in": "cookie", "name": access_cookie(&about.public_url),
        "description": "The access token where a browser keeps it. Calls whose method is not safe send the session's \
                        `csrf_token` as `X-CSRF-Token`.",
    });
    describe_own_schemes(document, about);
    let schemas = &mut document["components"]["schemas"];
    schemas[ProblemBody::name().as_ref()] = problem_schema(about.codes);
    schemas[FieldError::name().as_ref()] = json!(FieldError::schema());
}

/// Schemes that are not every service's.
fn describe_own_schemes(document: &mut Value, about: &About) {
    let basic = json!({ "type": "http", "scheme": "basic" });
    let refresh = json!({
        "type": "apiKey", "in": "cookie", "name": refresh_cookie(&about.public_url),
        "description": "The refresh token where a browser keeps it, for pages of this service's own origin and of the \
                        listed ones.",
    });
    for (name, scheme) in [("basicAuth", basic), ("refreshCookie", refresh)] {
        if names_scheme(&document["paths"], name) {
            document["components"]["securitySchemes"][name] = scheme;
        }
    }
}

/// True when an operation names this scheme.
fn names_scheme(paths: &Value, scheme: &str) -> bool {
    match paths {
        Value::Object(members) => {
            members.contains_key(scheme) || members.values().any(|member| names_scheme(member, scheme))
        }
        Value::Array(elements) => elements.iter().any(|element| names_scheme(element, scheme)),
        _ => false,
    }
}

fn problem_schema(own: &[&Code]) -> Value {
    let mut schema = json!(ProblemBody::schema());
    let codes: Vec<&str> = codes::SHARED.iter().chain(own).map(|code| code.name).collect();
    schema["properties"]["code"]["enum"] = json!(codes);
    schema
}

/// What a bearer may, a browser may with its cookie, unless the operation says itself which cookies it takes.
fn add_cookie(item: &mut Value) {
    let operations = item.as_object_mut().into_iter().flat_map(|item| item.values_mut());
    for alternatives in operations.filter_map(|operation| operation.get_mut("security")?.as_array_mut()) {
        if alternatives.iter().any(|alternative| alternative.get("refreshCookie").is_some()) {
            continue;
        }
        let scopes = alternatives.iter().find_map(|alternative| alternative.get("bearerAuth")).cloned();
        alternatives.extend(scopes.map(|scopes| json!({ "cookieAuth": scopes })));
    }
}

/// Every operation may be refused or fail.
fn add_problem_response(item: &mut Value) {
    let reference = format!("#/components/schemas/{}", ProblemBody::name());
    for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
        if operation.get("responses").is_some() && operation["responses"].get("default").is_none() {
            operation["responses"]["default"] = json!({
                "description": "A problem (RFC 9457).",
                "content": { "application/problem+json": { "schema": { "$ref": reference } } },
            });
        }
    }
}

/// utoipa takes every body for `application/json`, unless each response says otherwise.
fn name_media_type_of_problems(item: &mut Value) {
    let reference = format!("#/components/schemas/{}", ProblemBody::name());
    let operations = item.as_object_mut().into_iter().flat_map(|item| item.values_mut());
    let responses = operations.filter_map(|operation| operation.get_mut("responses")?.as_object_mut());
    for content in
        responses.flat_map(|all| all.values_mut()).filter_map(|one| one.get_mut("content")?.as_object_mut())
    {
        if content.get("application/json").is_some_and(|body| body["schema"]["$ref"] == reference)
            && let Some(body) = content.remove("application/json")
        {
            content.insert("application/problem+json".to_owned(), body);
        }
    }
}

/// The document as it is served.
pub(super) struct Rendered {
    json: Bytes,
    etag: ETag,
}

impl Rendered {
    pub(super) fn of(document: &OpenApi) -> Self {
        let json = document.to_pretty_json().expect("BUG: the OpenAPI document is not JSON");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, json.as_bytes());
        let prefix = digest.as_ref().iter().take(16);
        Self {
            json: Bytes::from(json),
            etag: ETag::new(prefix.map(|byte| format!("{byte:02x}")).collect::<String>()),
        }
    }
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .app_data(Data::new(Config::from("/openapi.json").display_request_duration(true)))
        .service(web::resource("/openapi.json").route(web::get().to(openapi_json)))
        .service(web::resource("/docs").route(web::get().to(to_docs)))
        .service(web::resource("/docs/{file:.*}").route(web::get().to(docs)));
}

async fn openapi_json(request: HttpRequest, pages: Data<Pages>) -> Result<HttpResponse, Problem> {
    let Rendered { json, etag } = &*pages.document;
    let unchanged = Condition::if_none_match(request.headers())?.matches_weakly(etag);
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, etag.header_value())).insert_header((CACHE_CONTROL, "no-cache"));
    if unchanged {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, "application/json")).body(json.clone()))
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn docs(file: web::Path<String>, config: Data<Config<'static>>) -> Result<HttpResponse, Problem> {
    let served = utoipa_swagger_ui::serve(&file, Arc::clone(&config)).map_err(Problem::internal)?;
    let served = served.ok_or_else(|| Problem::new(&codes::NOT_FOUND))?;
    let mut response = HttpResponse::Ok();
    if served.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response
        .insert_header((CONTENT_TYPE, served.content_type))
        .insert_header((CONTENT_SECURITY_POLICY, CSP))
        .body(served.bytes.into_owned()))
}
