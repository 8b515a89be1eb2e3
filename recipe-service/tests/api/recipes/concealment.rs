use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::client::{Anonymous, Bearer, Listener};
use testkit::{Answer, TestStack, both};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

/// An id that no recipe has.
const NOBODYS: &str = "0192f0c1-2d3e-7abc-8def-0123456789ab";

/// Every way to ask about a recipe, with every kind of condition.
async fn all_answers<'a>(
    recipes: &Listener,
    bearer: impl Into<Bearer<'a>> + Copy,
    id: &str,
) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for method in
        ["GET", "HEAD", "PUT", "PATCH", "DELETE", "PUT …/publish", "DELETE …/publish", "OPTIONS", "POST"]
    {
        let (verb, behind) = method.split_once(" …").unwrap_or((method, ""));
        for (header, value) in [
            ("x-nothing", "x"),
            ("if-match", "*"),
            ("if-match", "\"1-json-0000000000000000\""),
            ("if-match", "garbage"),
            ("if-none-match", "*"),
            ("accept", "text/html"),
        ] {
            let request = recipes.request(verb.parse().unwrap(), &format!("/v1/recipes/{id}{behind}"));
            let request = request.bearer(bearer).header(header, value).json(&titled("찌개"));
            answers.push((format!("{method} with {header}: {value}"), request.send().await));
        }
    }
    answers
}

/// All of an answer but what names the request, and whether the connection ends (it does where a body was not read yet).
fn told(answer: &Answer) -> (u16, BTreeMap<String, String>, Value) {
    const OF_THE_REQUEST: [&str; 4] = ["x-request-id", "date", "content-length", "connection"];
    let headers =
        answer.headers.keys().map(|name| name.as_str()).filter(|name| !OF_THE_REQUEST.contains(name));
    let headers = headers.map(|name| (name.to_owned(), answer.header(name).to_owned())).collect();
    let mut body = if answer.body.is_empty() { Value::Null } else { answer.json() };
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    (answer.status, headers, body)
}

/// T183: another's private recipe, one that is in the trash, and one that never was are told by nothing.
#[both]
async fn what_is_hidden_answers_as_what_is_missing(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let private = Written::by(&stack, &author, titled("국")).await;
    let trashed = Written::by(&stack, &author, json!({ "title": "국", "visibility": "public" })).await;
    stack.delete_recipe(&author, &trashed.id, &trashed.etag).await.assert_status(204);
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    let missing = all_answers(&stack.recipes, &other, NOBODYS).await;
    let missing_to_nobody = all_answers(&stack.recipes, Anonymous, NOBODYS).await;
    for hidden in [&private.id, &trashed.id] {
        for ((what, hidden), (_, missing)) in
            all_answers(&stack.recipes, &other, hidden).await.iter().zip(&missing)
        {
            assert_eq!(told(hidden), told(missing), "{what}");
        }
        let hidden = all_answers(&stack.recipes, Anonymous, hidden).await;
        for ((what, hidden), (_, missing)) in hidden.iter().zip(&missing_to_nobody) {
            assert_eq!(told(hidden), told(missing), "{what}, anonymous");
        }
    }

    assert_eq!(shelf.contents().await, before);
    assert_eq!(private.again(&stack, &author).await.body["version"], 1);
}

/// T183: before anyone is told that a condition is missing or stale.
#[both]
async fn what_is_hidden_is_not_found_before_any_condition(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, titled("국")).await;
    for method in ["PUT", "PATCH", "DELETE"] {
        for tags in [None, Some("*"), Some("\"0-json-0\""), Some(recipe.etag.as_str())] {
            let request = stack.recipes.request(method.parse().unwrap(), &recipe.path()).bearer(&other);
            let request = tags.into_iter().fold(request, |request, tags| request.header("if-match", tags));
            request.json(&titled("찌개")).send().await.assert_problem(404, "not_found");
        }
    }
}
