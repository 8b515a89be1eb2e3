//! The document of a recipe: stored and read back as it was given, within its limits.

mod limits;
mod quantities;
mod sizes;
mod stored;

use serde_json::{Value, json};
use testkit::Answer;

/// A draft with a title and one more member.
fn titled(name: &str, value: Value) -> Value {
    json!({ "title": "김치찌개", name: value })
}

/// The places that a refused body is told of, each with its rule.
#[track_caller]
fn refused(answer: &Answer) -> Vec<(String, String)> {
    let problem = answer.assert_problem(422, "validation_failed");
    let text = |value: &Value| value.as_str().expect("an error says no more").to_owned();
    let errors = problem["errors"].as_array().expect("no errors are told");
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}
