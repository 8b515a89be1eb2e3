//! What values of schema.org say, whichever of their shapes they have.

use serde_json::Value;

use super::find::{Graph, Object};
use crate::plain::{plain, plain_lines};

pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(elements) => elements.iter().all(is_blank),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A text, a number, the name of a thing; the first that says something of a list.
pub fn text(value: &Value, graph: &Graph) -> Option<String> {
    let _reading = graph.begin(value)?;
    let text = match value {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string(),
        Value::Array(elements) => elements.iter().find_map(|element| text(element, graph))?,
        Value::Object(object) => return of_object(graph.resolved(object), graph),
        Value::Bool(_) | Value::Null => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn of_object(object: &Object, graph: &Graph) -> Option<String> {
    const NAMES: [&str; 5] = ["name", "Name", "text", "@value", "value"];
    NAMES.iter().find_map(|name| object.get(*name).and_then(|value| text(value, graph)))
}

pub fn name(object: &Object) -> Option<String> {
    object.get("name").and_then(Value::as_str).map(plain)
}

/// The texts of a list, or of one text that is a list.
pub fn texts(value: &Value, graph: &Graph) -> Vec<String> {
    let Some(_reading) = graph.begin(value) else { return Vec::new() };
    match value {
        Value::Array(elements) => elements.iter().flat_map(|element| texts(element, graph)).collect(),
        Value::String(lines) => plain_lines(lines),
        other => text(other, graph).into_iter().collect(),
    }
}

/// Words that are listed, in a list or between commas, none twice.
pub fn words(value: &Value, graph: &Graph) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for text in texts(value, graph) {
        for word in text.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
            words.push(word.to_owned());
        }
    }
    without_twins(words)
}

/// The same in other letters is the same.
pub fn without_twins(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.to_lowercase())).collect()
}

/// The addresses of pictures: texts, objects, lists of them.
pub fn addresses(value: &Value, graph: &Graph) -> Vec<String> {
    let Some(_reading) = graph.begin(value) else { return Vec::new() };
    match value {
        Value::String(address) => vec![address.trim().to_owned()],
        Value::Array(elements) => elements.iter().flat_map(|element| addresses(element, graph)).collect(),
        Value::Object(object) => {
            let object = graph.resolved(object);
            let found = ["url", "contentUrl", "@id"].iter().find_map(|name| object.get(*name));
            found.and_then(Value::as_str).map(|address| address.trim().to_owned()).into_iter().collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
