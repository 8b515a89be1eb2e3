//! What an import that comes again changes of the recipe that it made.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::draft::Draft;
use super::inspection::Violation;
use super::json::FreeObject;
use super::patch::patched;

/// The recipe with what was imported in the place of what it has.
///
/// What the import says nothing of stays. So does every line and step that says the same, with its id and what its
/// household made of it: the same page imported once more changes nothing.
pub fn renewed(existing: Map<String, Value>, imported: Map<String, Value>) -> Result<Draft, Violation> {
    let mut imported: Map<String, Value> = imported
        .into_iter()
        .filter(|(_, value)| says_something(value))
        .map(|(name, value)| (name, told(value)))
        .collect();
    // Who may read it is nothing that a page says.
    imported.remove("visibility");
    let mut ids = HashMap::new();
    let mut lines = Known::of(&existing, "ingredient_groups", "raw");
    for item in items(&mut imported, "ingredient_groups") {
        lines.keep(item, "raw", &mut ids);
    }
    let mut steps = Known::of(&existing, "step_groups", "text");
    for step in items(&mut imported, "step_groups") {
        let uses = references(step, &ids);
        steps.keep(step, "text", &mut HashMap::new());
        step["ingredient_ids"] = uses;
    }
    patched(existing, FreeObject(imported))
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(elements) => !elements.is_empty(),
        _ => true,
    }
}

/// Without nulls in objects: they would take away what an import does not know.
fn told(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}

fn items<'v>(recipe: &'v mut Map<String, Value>, groups: &str) -> impl Iterator<Item = &'v mut Value> {
    let groups = recipe.get_mut(groups).and_then(Value::as_array_mut).into_iter().flatten();
    groups.filter_map(|group| group["items"].as_array_mut()).flatten()
}

/// The parts of a recipe by their texts; of equal ones in their order.
struct Known(HashMap<String, Vec<Value>>);

impl Known {
    fn of(recipe: &Map<String, Value>, groups: &str, text: &str) -> Self {
        let mut known: HashMap<String, Vec<Value>> = HashMap::new();
        let groups = recipe.get(groups).and_then(Value::as_array).into_iter().flatten();
        for item in groups.filter_map(|group| group["items"].as_array()).flatten() {
            known.entry(key(item, text)).or_default().push(item.clone());
        }
        known.values_mut().for_each(|items| items.reverse());
        Self(known)
    }

    /// Puts the part that is known in the place of one that says the same.
    fn keep(&mut self, item: &mut Value, text: &str, ids: &mut HashMap<Value, Value>) {
        let made = item["id"].clone();
        if let Some(known) = self.0.get_mut(&key(item, text)).and_then(Vec::pop) {
            *item = known;
        }
        ids.insert(made, item["id"].clone());
    }
}

fn key(item: &Value, text: &str) -> String {
    item[text].as_str().unwrap_or_default().to_owned()
}

/// The ingredients that a step uses, by the ids that they have now.
fn references(step: &Value, ids: &HashMap<Value, Value>) -> Value {
    let uses = step["ingredient_ids"].as_array().into_iter().flatten();
    uses.filter_map(|used| ids.get(used).cloned()).collect()
}
