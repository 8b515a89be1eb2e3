//! What the OpenAPI document of a service says, and whether an answer is as it says.

mod schema;

use std::sync::LazyLock;

use common::web::{About, ListRoutes, document};
use reqwest::Method;
use serde_json::Value;

use crate::client::{Answer, Listener};

/// An OpenAPI document.
pub struct Contract(Value);

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// In lower case, as the document has it.
    pub method: &'a str,
    pub path: &'a str,
    description: &'a Value,
}

const PROBLEM: &str = "application/problem+json";

impl Contract {
    /// The document of auth-service.
    pub fn of_auth() -> &'static Self {
        static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
            Contract::made(&auth_service::app::about("http://localhost"), auth_service::http::routes)
        });
        &CONTRACT
    }

    /// The document of recipe-service.
    pub fn of_recipes() -> &'static Self {
        static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
            Contract::made(&recipe_service::about("http://localhost"), recipe_service::http::routes)
        });
        &CONTRACT
    }

    fn made(about: &About, routes: ListRoutes) -> Self {
        Self(serde_json::to_value(document(about, routes)).expect("the document is not JSON"))
    }

    /// The document that a running service answers.
    pub async fn served_by(service: &Listener) -> Self {
        Self(service.get("/openapi.json").send().await.assert_ok().json())
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.0["paths"].as_object().expect("the document has no paths");
        paths
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().expect("a path is no object").iter().map(move |one| (path, one))
            })
            .map(|(path, (method, description))| Operation { method, path, description })
            .collect()
    }

    /// Checks an answer to whatever was asked: as the operation has it where there is one, else as any problem.
    ///
    /// A method or path that no operation has may be answered by what is no part of the contract, such as `/docs`.
    pub(crate) fn assert_answers(&self, method: &Method, path: &str, answer: &Answer) {
        // The answer to HEAD is that to GET, without its body.
        if method == Method::HEAD {
            return;
        }
        match self.operation(method, path) {
            Some(operation) => self.assert_describes(&operation, answer),
            None if answer.header("content-type") == PROBLEM => {
                let schema = &self.0["components"]["schemas"]["Problem"];
                self.assert_body(PROBLEM, schema, answer);
            }
            None => {}
        }
    }

    /// The operation that a call is of; where two templates match, that with fewer parameters.
    fn operation(&self, method: &Method, path: &str) -> Option<Operation<'_>> {
        let method = method.as_str().to_ascii_lowercase();
        let operations = self.operations().into_iter();
        let matching =
            operations.filter(|operation| operation.method == method && matches(operation.path, path));
        matching.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Checks that an answer is one that the document promises, with no member that it does not know.
    #[track_caller]
    pub fn assert_describes(&self, operation: &Operation<'_>, answer: &Answer) {
        let response = self.response(operation, answer);
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let may_lack = schema::permits_null(&header["schema"]);
            assert!(may_lack || answer.headers.contains_key(name.as_str()), "no {name}: {answer}");
        }
        let Some(content) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "an undocumented body: {answer}");
            return;
        };
        let name = answer.header("content-type").split(';').next().unwrap_or_default();
        let media_type = content.get(name);
        let media_type = media_type.unwrap_or_else(|| panic!("an undocumented media type: {answer}"));
        if !name.ends_with("json") {
            return;
        }
        self.assert_body(name, &media_type["schema"], answer);
    }

    #[track_caller]
    fn assert_body(&self, media_type: &str, schema: &Value, answer: &Answer) {
        let mut body = answer.json();
        // A problem may say more than every problem does (RFC 9457 §3.2).
        if let (PROBLEM, Some(members)) = (media_type, body.as_object_mut()) {
            let every = &self.0["components"]["schemas"]["Problem"]["properties"];
            members.retain(|name, _| every.get(name).is_some());
        }
        let found = schema::violations(&self.0, schema, &body);
        assert!(found.is_empty(), "not as documented: {found:#?} in {answer}");
    }

    /// Checks that a body is as the schema of this name has it, with no member that it does not know.
    #[track_caller]
    pub fn assert_is(&self, name: &str, body: &Value) {
        let schema = self.0["components"]["schemas"].get(name);
        let schema = schema.unwrap_or_else(|| panic!("the document has no schema {name}"));
        let found = schema::violations(&self.0, schema, body);
        assert!(found.is_empty(), "{found:#?} in {body}");
    }

    /// What the document says of an answer of this status. Only problems come under `default`.
    #[track_caller]
    fn response<'a>(&'a self, operation: &Operation<'a>, answer: &Answer) -> &'a Value {
        let responses = &operation.description["responses"];
        let known = responses.get(answer.status.to_string());
        known
            .or_else(|| responses.get("default").filter(|_| answer.status >= 400))
            .unwrap_or_else(|| panic!("an undocumented status: {answer}"))
    }
}

/// True when a path is one of a template's, such as `/v1/recipes/{id}`.
fn matches(template: &str, path: &str) -> bool {
    let (wanted, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits =
        |(wanted, given): (&&str, &&str)| wanted == given || wanted.starts_with('{') && !given.is_empty();
    wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
}

impl Operation<'_> {
    /// True when one of the alternatives asks for nothing (OpenAPI 3.1 §4.8.30).
    pub fn is_anonymous(&self) -> bool {
        self.alternatives().iter().any(|alternative| alternative.as_object().is_some_and(|it| it.is_empty()))
    }

    /// The scopes that a token must have.
    pub fn scopes(&self) -> Vec<&str> {
        let scopes =
            self.alternatives().iter().filter_map(|alternative| alternative["bearerAuth"].as_array());
        scopes.flatten().filter_map(Value::as_str).collect()
    }

    fn alternatives(&self) -> &[Value] {
        let security = self.description["security"].as_array();
        security.unwrap_or_else(|| panic!("{} {} does not say who may call it", self.method, self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_of_the_operation_that_names_its_path_best() {
        let document = serde_json::json!({ "paths": {
            "/v1/me/{what}": { "get": {} }, "/v1/me/export": { "get": {} }, "/v1/me": { "patch": {} },
        } });
        let contract = Contract(document);
        let found =
            |method: Method, path: &str| contract.operation(&method, path).map(|operation| operation.path);
        assert_eq!(found(Method::GET, "/v1/me/export"), Some("/v1/me/export"));
        assert_eq!(found(Method::GET, "/v1/me/password"), Some("/v1/me/{what}"));
        assert_eq!(found(Method::PATCH, "/v1/me"), Some("/v1/me"));
        for nothing in ["/v1/me", "/v1/me/", "/v1/me/a/b", "/docs"] {
            assert_eq!(found(Method::GET, nothing), None, "{nothing}");
        }
    }
}
