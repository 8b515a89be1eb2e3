//! As much of JSON Schema 2020-12 as our documents use.

use std::collections::BTreeMap;

use common::ids::Uuid;
use common::time::Instant;
use serde_json::Value;

/// Where a value is not as a schema has it. An object may have no member that its schema does not name.
pub fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Found { document, places: Vec::new() };
    found.check(schema, value, "");
    found.places
}

/// True when null is of one of the schema's types.
pub fn permits_null(schema: &Value) -> bool {
    types(schema).contains(&"null")
}

struct Found<'a> {
    document: &'a Value,
    places: Vec<String>,
}

impl<'a> Found<'a> {
    fn check(&mut self, schema: &'a Value, value: &Value, at: &str) {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            return self.check_choices(choices, value, at);
        }
        if let Some(members) = self.members(schema) {
            return self.check_members(schema, &members, value, at);
        }
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|name| is_of_type(value, name)) {
            return self.report(at, format!("{value} is none of {types:?}"));
        }
        self.check_value(schema, value, at);
        for (name, value) in value.as_object().into_iter().flatten() {
            self.check(&schema["additionalProperties"], value, &format!("{at}/{name}"));
        }
    }

    fn check_choices(&mut self, choices: &'a [Value], value: &Value, at: &str) {
        let mut attempts =
            choices.iter().map(|choice| violations(self.document, choice, value)).collect::<Vec<_>>();
        if attempts.iter().all(|attempt| !attempt.is_empty()) {
            attempts.sort_by_key(Vec::len);
            self.report(at, format!("none of the choices: {:?}", attempts.first()));
        }
    }

    fn check_members(
        &mut self,
        schema: &'a Value,
        members: &BTreeMap<&'a str, &'a Value>,
        value: &Value,
        at: &str,
    ) {
        let Some(object) = value.as_object() else {
            let is_null = value.is_null() && permits_null(schema);
            return if is_null {
            } else {
                self.report(at, "is no object".to_owned())
            };
        };
        for name in self.required(schema).into_iter().filter(|name| !object.contains_key(*name)) {
            self.report(at, format!("lacks {name}"));
        }
        for (name, value) in object {
            match members.get(name.as_str()) {
                Some(schema) => self.check(schema, value, &format!("{at}/{name}")),
                None => self.report(at, format!("has the undocumented member {name}")),
            }
        }
    }

    fn check_value(&mut self, schema: &'a Value, value: &Value, at: &str) {
        if let Some(list) = value.as_array() {
            let length = list.len() as u64;
            let is_short = schema["minItems"].as_u64().is_some_and(|least| length < least);
            let is_long = schema["maxItems"].as_u64().is_some_and(|most| length > most);
            if is_short || is_long {
                self.report(at, format!("has {length} elements"));
            }
            for (index, element) in list.iter().enumerate().filter(|_| schema.get("items").is_some()) {
                self.check(&schema["items"], element, &format!("{at}/{index}"));
            }
        }
        if let Some(text) = value.as_str() {
            self.check_text(schema, text, at);
        }
        let is_small = schema["minimum"].as_f64().zip(value.as_f64()).is_some_and(|(least, is)| is < least);
        let is_great = schema["maximum"].as_f64().zip(value.as_f64()).is_some_and(|(most, is)| is > most);
        if is_small || is_great {
            self.report(at, format!("{value} is not within {} and {}", schema["minimum"], schema["maximum"]));
        }
    }

    fn check_text(&mut self, schema: &Value, text: &str, at: &str) {
        let chars = text.chars().count() as u64;
        let is_short = schema["minLength"].as_u64().is_some_and(|least| chars < least);
        let is_long = schema["maxLength"].as_u64().is_some_and(|most| chars > most);
        let is_other = schema["enum"].as_array().is_some_and(|words| !words.iter().any(|word| word == text));
        let is_malformed = match schema["format"].as_str() {
            Some("uuid") => Uuid::try_parse(text).is_err(),
            Some("date-time") => text.parse::<Instant>().is_err(),
            _ => false,
        };
        if is_short || is_long || is_other || is_malformed {
            self.report(at, format!("{text:?} is not as {schema} has it"));
        }
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("a reference leads out of the document");
                let found = self.document.pointer(pointer);
                self.resolved(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => schema,
        }
    }

    /// The members of an object whose schema names them; none where any may be there.
    fn members(&self, schema: &'a Value) -> Option<BTreeMap<&'a str, &'a Value>> {
        let schema = self.resolved(schema);
        let of_parts = schema["allOf"].as_array().into_iter().flatten();
        let of_parts = of_parts.filter_map(|part| self.members(part)).flatten();
        let own = schema["properties"].as_object().into_iter().flatten();
        let own = own.map(|(name, schema)| (name.as_str(), schema));
        let is_named = schema.get("allOf").is_some() || schema.get("properties").is_some();
        is_named.then(|| of_parts.chain(own).collect())
    }

    fn required(&self, schema: &'a Value) -> Vec<&'a str> {
        let schema = self.resolved(schema);
        let of_parts = schema["allOf"].as_array().into_iter().flatten();
        let of_parts = of_parts.flat_map(|part| self.required(part));
        let own = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        of_parts.chain(own).collect()
    }

    fn report(&mut self, at: &str, what: String) {
        self.places.push(format!("{at}: {what}"));
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type of JSON Schema"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(schema: Value, value: Value) -> usize {
        let document = json!({ "it": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } } });
        violations(&document, &schema, &value).len()
    }

    #[test]
    fn what_no_schema_names_is_found() {
        let schema = || json!({ "allOf": [{ "$ref": "#/it" }, { "properties": { "b": { "type": ["integer", "null"] } } }] });
        assert_eq!(found(schema(), json!({ "a": "x", "b": null })), 0);
        assert_eq!(found(schema(), json!({ "a": "x", "c": 1 })), 1);
        assert_eq!(found(schema(), json!({ "b": "x" })), 2);
        assert_eq!(found(json!({ "oneOf": [{ "$ref": "#/it" }, { "type": "null" }] }), json!(1)), 1);
        assert_eq!(found(json!({ "type": "array", "items": { "enum": ["x"] } }), json!(["x", "y"])), 1);
        assert_eq!(found(json!({ "type": "object" }), json!({ "anything": [] })), 0);
        let map = || json!({ "type": "object", "additionalProperties": { "type": "integer", "maximum": 9 } });
        assert_eq!(found(map(), json!({ "a": 1, "b": 9 })), 0);
        assert_eq!(found(map(), json!({ "a": "x", "b": 10 })), 2);
        assert_eq!(found(json!({ "type": "array", "minItems": 1 }), json!([])), 1);
    }
}
