mod changes;
mod document;
mod ingredients;
mod json;
mod language;
mod patch;
mod rational;
mod search;
mod slug;
mod steps;
mod view;

use recipe_service::domain::document::Document;
use recipe_service::domain::draft::Draft;
use recipe_service::domain::ids::PartId;
use recipe_service::domain::inspection::Violation;
use serde_json::{Value, json};

/// Reads a draft and makes it a document.
fn accept(draft: Value) -> Result<Document, Vec<Violation>> {
    let draft: Draft = serde_json::from_value(draft).expect("the draft has the right types");
    draft.accept(&mut PartId::new)
}

/// The document of a draft that is in order, as it is kept.
fn accepted(draft: Value) -> Value {
    let document = accept(draft).expect("the draft is in order");
    serde_json::from_str(&document.to_text().unwrap()).unwrap()
}

/// Where a draft breaks rules, and which.
fn violations(draft: Value) -> Vec<(String, &'static str)> {
    let violations = accept(draft).expect_err("the draft breaks a rule");
    violations.into_iter().map(|violation| (violation.pointer, violation.code)).collect()
}

/// A draft with a title and one more member.
fn titled(name: &str, value: Value) -> Value {
    json!({ "title": "김치찌개", name: value })
}

fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}
