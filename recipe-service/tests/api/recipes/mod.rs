//! What people do with recipes: each file is an operation, or a promise that holds for several.

mod concealment;
mod conditions;
mod create;
mod cursors;
mod discard;
mod list;
mod patch;
mod publish;
mod races;
mod read;
mod replace;

use serde_json::{Value, json};
use testkit::Answer;

/// The smallest recipe.
fn titled(title: &str) -> Value {
    json!({ "title": title })
}

fn of_visibility(title: &str, visibility: &str) -> Value {
    json!({ "title": title, "visibility": visibility })
}

/// The titles of a page, in its order.
#[track_caller]
fn titles(page: &Answer) -> Vec<String> {
    let items = page.assert_status(200).json()["items"].take();
    let title = |item: &Value| item["title"].as_str().expect("an item has no title").to_owned();
    items.as_array().expect("a page has no items").iter().map(title).collect()
}
