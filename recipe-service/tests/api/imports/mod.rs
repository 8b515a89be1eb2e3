//! Importing recipes.

mod bounds;
mod duplicates;
mod fetched;
mod forms;
mod hostile_web;
mod limits;
mod rehearsal;
mod report;
mod site;

use serde_json::{Value, json};
use testkit::Answer;

/// A page as plugins write them.
fn page(url: &str, recipe: &Value) -> String {
    format!(
        "<!doctype html><html lang=\"ko\"><head><link rel=\"canonical\" href=\"{url}\">\
         <script type=\"application/ld+json\">{recipe}</script></head><body><h1>Stew</h1></body></html>"
    )
}

/// The recipe on it.
fn stew(title: &str) -> Value {
    json!({
        "@context": "https://schema.org", "@type": "Recipe", "name": title,
        "recipeIngredient": ["두부 200g", "소금 약간"],
        "recipeInstructions": [{ "@type": "HowToStep", "text": "끓인다." }],
        "recipeYield": "2인분", "totalTime": "PT30M",
    })
}

const ADDRESS: &str = "https://example.org/stew";

/// An answer of an import, as the OpenAPI document has it.
#[track_caller]
fn imported(answer: &Answer, status: u16) -> Value {
    let body = answer.assert_status(status).json();
    crate::openapi::assert_is("Import", &body);
    body
}

#[track_caller]
fn lines(recipe: &Value) -> Vec<String> {
    let groups = recipe["ingredient_groups"].as_array().expect("no groups").iter();
    let items = groups.flat_map(|group| group["items"].as_array().expect("no items"));
    items.map(|item| item["raw"].as_str().expect("no line").to_owned()).collect()
}

#[track_caller]
fn steps(recipe: &Value) -> Vec<String> {
    let groups = recipe["step_groups"].as_array().expect("no groups").iter();
    let items = groups.flat_map(|group| group["items"].as_array().expect("no items"));
    items.map(|item| item["text"].as_str().expect("no text").to_owned()).collect()
}
