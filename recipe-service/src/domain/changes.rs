use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The names of the members that differ between two versions of a recipe, in order.
pub fn changed_members(base: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = base.keys().chain(now.keys()).collect();
    names.into_iter().filter(|name| base.get(*name) != now.get(*name)).cloned().collect()
}
