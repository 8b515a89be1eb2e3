//! What people do with recipes: each file is an operation, or a promise that holds for several.

mod common_words;
mod concealment;
mod conditions;
mod costly;
mod create;
mod cursors;
mod discard;
mod forms;
mod idempotency;
mod list;
mod many;
mod numbered;
mod patch;
mod personal;
mod publish;
mod races;
mod read;
mod replace;
mod revisions;
mod search;
mod shares;
mod shown;
mod sorts;
mod statements;
mod suggestions;
mod trash;
mod views;

use serde_json::{Value, json};
use testkit::Answer;

/// The smallest recipe.
fn titled(title: &str) -> Value {
    json!({ "title": title })
}

fn of_visibility(title: &str, visibility: &str) -> Value {
    json!({ "title": title, "visibility": visibility })
}

/// The items of a page, in its order.
#[track_caller]
fn items(page: &Answer) -> Vec<Value> {
    let body = page.assert_status(200).json();
    crate::openapi::assert_is("Page_Summary", &body);
    body["items"].as_array().expect("a page has no items").clone()
}

/// Their titles.
#[track_caller]
fn titles(page: &Answer) -> Vec<String> {
    items(page).iter().map(|item| item["title"].as_str().expect("an item has no title").to_owned()).collect()
}
