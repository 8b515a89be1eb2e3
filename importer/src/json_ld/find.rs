//! The recipe among all that a page says in JSON-LD.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

/// What was said on a page, to look things up in.
pub struct Graph<'v> {
    objects: Vec<&'v Object>,
    by_id: HashMap<&'v str, &'v Object>,
    depth: Cell<usize>,
    /// What may still be read: who refers to itself, or a thousand times to one long text, is not followed for ever.
    budget: Cell<usize>,
}

/// No page that was seen has more than 3 000.
const MAX_OBJECTS: usize = 100_000;
const MAX_DEPTH: usize = 48;
/// Values count for this and their length in bytes.
const COST_OF_VALUE: usize = 32;
const BUDGET: usize = 16 * 1024 * 1024;

/// A value that is being read.
pub struct Reading<'g>(&'g Cell<usize>);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Default for Graph<'_> {
    fn default() -> Self {
        Self { objects: Vec::new(), by_id: HashMap::new(), depth: Cell::new(0), budget: Cell::new(BUDGET) }
    }
}

impl<'v> Graph<'v> {
    pub fn add(&mut self, value: &'v Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.add(element)),
            Value::Object(object) => self.add_object(object),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn add_object(&mut self, object: &'v Object) {
        if self.objects.len() >= MAX_OBJECTS {
            return;
        }
        self.objects.push(object);
        let id = object.get("@id").and_then(Value::as_str);
        // One that says more than its id is what the others refer to.
        if let Some(id) = id.filter(|_| object.len() > 1) {
            self.by_id.entry(id).or_insert(object);
        }
        object.values().for_each(|value| self.add(value));
    }

    /// Begins to read a value. None: too much was read, or too deep.
    pub fn begin(&self, value: &Value) -> Option<Reading<'_>> {
        let cost = COST_OF_VALUE + value.as_str().map_or(0, str::len);
        let left = self.budget.get().checked_sub(cost)?;
        if self.depth.get() >= MAX_DEPTH {
            return None;
        }
        self.budget.set(left);
        self.depth.set(self.depth.get() + 1);
        Some(Reading(&self.depth))
    }

    pub fn recipes(&self) -> impl Iterator<Item = &'v Object> + '_ {
        self.objects.iter().copied().filter(|object| is_a(object, "Recipe"))
    }

    /// What a reference means: an object with nothing but an id is said elsewhere.
    pub fn resolved<'a>(&self, object: &'a Object) -> &'a Object
    where
        'v: 'a,
    {
        let id = object.get("@id").and_then(Value::as_str);
        match id.and_then(|id| self.by_id.get(id)) {
            Some(said) if object.len() <= 2 => said,
            _ => object,
        }
    }
}

/// True if the object is of this type of schema.org, however it is written.
pub fn is_a(object: &Object, kind: &str) -> bool {
    let of_kind = |name: &str| {
        let bare = name.trim().rsplit(['/', '#', ':']).next().unwrap_or_default();
        bare.eq_ignore_ascii_case(kind)
    };
    match object.get("@type").or_else(|| object.get("type")) {
        Some(Value::String(name)) => of_kind(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(of_kind),
        _ => false,
    }
}
