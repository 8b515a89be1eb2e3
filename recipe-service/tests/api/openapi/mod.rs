//! What the OpenAPI document says, and whether the service does as it says.

mod anonymous;
mod random;
mod schema;

use std::sync::LazyLock;

use common::web::{About, document};
use recipe_service::http::routes;
use serde_json::Value;
use testkit::{Answer, TestStack};

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

impl Contract {
    /// The document that a running service answers.
    pub async fn served_by(stack: &TestStack) -> Self {
        Self(stack.recipes.get("/openapi.json").send().await.assert_ok().json())
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
        let found = schema::violations(&self.0, &media_type["schema"], &answer.json());
        assert!(found.is_empty(), "{found:#?} in {answer}");
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

/// Checks that a body is as the schema of this name has it, with no member that it does not know.
#[track_caller]
pub fn assert_is(name: &str, body: &Value) {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let about = About {
            name: "recipe-service",
            title: "Recipes",
            version: "0",
            public_url: "http://localhost:8082".into(),
            codes: &[],
        };
        serde_json::to_value(document(&about, routes)).expect("the document is not JSON")
    });
    let schema = DOCUMENT["components"]["schemas"].get(name);
    let schema = schema.unwrap_or_else(|| panic!("the document has no schema {name}"));
    let found = schema::violations(&DOCUMENT, schema, body);
    assert!(found.is_empty(), "{found:#?} in {body}");
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
