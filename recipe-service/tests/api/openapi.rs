use common::web::{About, document};
use recipe_service::http::{ANONYMOUS, routes};
use serde_json::Value;

fn openapi() -> Value {
    let about = About {
        name: "recipe-service",
        title: "Recipes",
        version: "0",
        public_url: "http://localhost:8082".into(),
        codes: &[],
    };
    serde_json::to_value(document(&about, routes)).unwrap()
}

/// Every operation as method, path and description.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    operations.collect()
}

/// True when one of the alternatives asks for nothing (OpenAPI 3.1 §4.8.30).
fn is_anonymous(operation: &Value) -> bool {
    let alternatives = operation["security"].as_array().expect("every operation says who may call it");
    alternatives.iter().any(|alternative| alternative.as_object().unwrap().is_empty())
}

/// T182
#[test]
fn no_operation_is_anonymous_but_those_on_the_list() {
    let document = openapi();

    let anonymous: Vec<(&str, &str)> = operations(&document)
        .into_iter()
        .filter(|(_, _, operation)| is_anonymous(operation))
        .map(|(method, path, _)| (method, path))
        .collect();

    let mut listed = ANONYMOUS.to_vec();
    listed.sort_unstable_by_key(|(method, path)| (*path, *method));
    assert_eq!(anonymous, listed);
}

#[test]
fn all_other_operations_need_a_scope() {
    let document = openapi();

    for (method, path, operation) in operations(&document) {
        if !is_anonymous(operation) {
            let scopes = operation["security"][0]["bearerAuth"].as_array().unwrap();
            assert!(!scopes.is_empty(), "{method} {path} needs no scope");
        }
    }
}
