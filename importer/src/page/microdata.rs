//! Microdata (HTML §5) and RDFa Lite, in the shape of JSON-LD.

use std::cell::Cell;

use serde_json::{Map, Value};

use crate::dom::{NodeId, Page};

/// The recipes among the items of a page.
pub fn items(page: &Page) -> Vec<Value> {
    let budget = Cell::new(BUDGET);
    let of_syntax = |syntax: &'static Syntax| {
        let recipes = page.all().filter(|id| syntax.kind(page, *id).is_some_and(is_recipe)).take(MAX_ITEMS);
        recipes.map(|id| Value::Object(item(page, id, syntax, &budget))).collect::<Vec<_>>()
    };
    SYNTAXES.iter().map(of_syntax).find(|items| !items.is_empty()).unwrap_or_default()
}

/// The attributes that a syntax has for the same three things.
struct Syntax {
    item: &'static str,
    kind: &'static str,
    property: &'static str,
}

const SYNTAXES: [Syntax; 2] = [
    Syntax { item: "itemscope", kind: "itemtype", property: "itemprop" },
    Syntax { item: "typeof", kind: "typeof", property: "property" },
];

fn is_recipe(kind: &str) -> bool {
    kind.rsplit(['/', '#', ':']).next().is_some_and(|name| name.eq_ignore_ascii_case("recipe"))
}

const MAX_ITEMS: usize = 50;
/// What is read, in bytes: items and properties may stand in each other, and each says all that is in it.
const BUDGET: usize = 16 * 1024 * 1024;
/// What an item takes of it beside its texts.
const ITEM_BYTES: usize = 512;
/// What a property takes of it beside its text.
const PROPERTY_BYTES: usize = 32;

fn spend(budget: &Cell<usize>, bytes: usize) {
    budget.set(budget.get().saturating_sub(bytes));
}

impl Syntax {
    /// What an element is an item of.
    fn kind<'p>(&self, page: &'p Page, id: NodeId) -> Option<&'p str> {
        let kinds = page.attribute(id, self.kind).filter(|_| self.is_item(page, id))?;
        kinds.split_ascii_whitespace().next()
    }

    fn is_item(&self, page: &Page, id: NodeId) -> bool {
        page.attribute(id, self.item).is_some()
    }
}

fn item(page: &Page, id: NodeId, syntax: &Syntax, budget: &Cell<usize>) -> Map<String, Value> {
    let mut properties = Map::new();
    if let Some(kind) = syntax.kind(page, id) {
        properties.insert("@type".into(), kind.into());
    }
    spend(budget, ITEM_BYTES);
    collect(page, id, syntax, budget, &mut properties);
    properties
}

fn collect(
    page: &Page,
    id: NodeId,
    syntax: &Syntax,
    budget: &Cell<usize>,
    properties: &mut Map<String, Value>,
) {
    for child in page.children(id).take_while(|_| budget.get() > 0) {
        let names = page.attribute(child, syntax.property).unwrap_or_default();
        let is_item = syntax.is_item(page, child);
        for name in names.split_ascii_whitespace().take(MAX_NAMES) {
            // Read anew for each name: copies of what stands in each other would cost nothing of the budget.
            let value = if is_item {
                Some(Value::Object(item(page, child, syntax, budget)))
            } else {
                property(page, child, names, budget).map(Value::String)
            };
            if let Some(value) = value {
                add(properties, name.rsplit([':', '/']).next().unwrap_or(name), value);
            }
        }
        if !is_item {
            collect(page, child, syntax, budget, properties);
        }
    }
}

const MAX_NAMES: usize = 4;

fn add(properties: &mut Map<String, Value>, name: &str, value: Value) {
    match properties.get_mut(name) {
        None => {
            properties.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => {
            let first_value = first.take();
            *first = Value::Array(vec![first_value, value]);
        }
    }
}

/// What a property says (HTML §5.2.4), or what its author meant it to say.
fn property(page: &Page, id: NodeId, names: &str, budget: &Cell<usize>) -> Option<String> {
    let attribute = |name: &str| page.attribute(id, name).map(str::to_owned);
    let is_address = ["url", "image", "sameAs", "mainEntityOfPage", "suitableForDiet"]
        .iter()
        .any(|name| names.contains(name));
    let own = match page.name(id) {
        "meta" => attribute("content"),
        "img" | "source" | "video" | "audio" | "iframe" | "embed" => {
            attribute("src").or_else(|| attribute("data-src"))
        }
        "a" | "area" | "link" if is_address => attribute("href"),
        "time" => attribute("datetime").or_else(|| attribute("content")),
        "data" | "meter" => attribute("value"),
        _ => attribute("content"),
    };
    let text = own
        .filter(|own| !own.trim().is_empty())
        .or_else(|| (!matches!(page.name(id), "meta" | "img" | "link")).then(|| page.lines(id).join("\n")))?;
    spend(budget, text.len() + PROPERTY_BYTES);
    Some(text)
}
