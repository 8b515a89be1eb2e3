//! `recipeInstructions`: a text, a list of texts or steps, sections of them.

use serde_json::Value;

use super::find::{Graph, Object, is_a};
use super::value::{is_blank, text};
use crate::plain::{plain, plain_lines};
use crate::recipe::{Step, StepGroup};
use crate::report::{Notes, Reason, Source};

/// Reads the steps of a recipe.
pub fn read(value: &Value, graph: &Graph, source: Source, notes: &mut Notes) -> Vec<StepGroup> {
    let mut reader = Reader { graph, source, notes, groups: Vec::new() };
    reader.value(value);
    reader.groups.retain(|group| !group.items.is_empty() || group.title.is_some());
    reader.groups
}

struct Reader<'r, 'v> {
    graph: &'r Graph<'v>,
    source: Source,
    notes: &'r mut Notes,
    groups: Vec<StepGroup>,
}

impl Reader<'_, '_> {
    fn value(&mut self, value: &Value) {
        let Some(_reading) = self.graph.begin(value) else { return };
        match value {
            Value::String(text) => {
                for line in plain_lines(text) {
                    self.step(Step { text: line, ..Step::default() });
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| match element {
                // One of several is a step, in however many lines.
                Value::String(text) if elements.len() > 1 => self.text(text),
                other => self.value(other),
            }),
            Value::Object(object) => self.object(self.graph.resolved(object)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        let text = plain(text);
        if !text.is_empty() {
            self.step(Step { text, ..Step::default() });
        }
    }

    fn object(&mut self, object: &Object) {
        let elements =
            object.get("itemListElement").or_else(|| object.get("steps")).filter(|it| !is_blank(it));
        if is_a(object, "HowToSection") {
            self.section(object, elements);
        } else if is_a(object, "HowToStep")
            || is_a(object, "HowToDirection")
            || is_a(object, "HowToTip")
            || elements.is_none()
        {
            self.how_to_step(object, elements);
        } else if let Some(elements) = elements {
            self.note_rest(object, &["itemListElement", "steps", "name", "itemListOrder", "numberOfItems"]);
            self.value(elements);
        }
    }

    fn section(&mut self, object: &Object, elements: Option<&Value>) {
        self.note_rest(object, &["itemListElement", "steps", "name", "Name", "position"]);
        let title = object.get("name").or_else(|| object.get("Name")).and_then(|name| text(name, self.graph));
        self.groups.push(StepGroup { title, items: Vec::new() });
        match elements {
            Some(elements) => self.value(elements),
            None => object.get("text").into_iter().for_each(|text| self.value(text)),
        }
        // What follows belongs to no section.
        self.groups.push(StepGroup::default());
    }

    fn how_to_step(&mut self, object: &Object, elements: Option<&Value>) {
        self.note_rest(object, &["text", "name", "itemListElement", "position", "description"]);
        let own = |name: &str| object.get(name).and_then(|value| text(value, self.graph));
        let parts: Vec<String> = elements.map(|elements| texts_of(elements, self.graph)).unwrap_or_default();
        let text =
            if parts.is_empty() { own("text").or_else(|| own("description")) } else { Some(parts.join(" ")) };
        let name = own("name");
        match (text, name) {
            (Some(text), Some(name)) => {
                let repeats = text.starts_with(name.trim_end_matches(['.', '…']));
                self.step(Step { name: (!repeats).then_some(name), text, ..Step::default() });
            }
            (Some(text), None) | (None, Some(text)) => self.step(Step { text, ..Step::default() }),
            (None, None) => {}
        }
    }

    fn step(&mut self, step: Step) {
        if self.groups.is_empty() {
            self.groups.push(StepGroup::default());
        }
        self.groups.last_mut().expect("BUG: there is one").items.push(step);
    }

    fn note_rest(&mut self, object: &Object, known: &[&str]) {
        for (name, value) in object {
            if !name.starts_with('@') && name != "type" && !known.contains(&name.as_str()) && !is_blank(value)
            {
                self.notes.dropped(self.source, &format!("recipeInstructions.{name}"), Reason::NoPlace);
            }
        }
    }
}

fn texts_of(value: &Value, graph: &Graph) -> Vec<String> {
    let Some(_reading) = graph.begin(value) else { return Vec::new() };
    match value {
        Value::Array(elements) => elements.iter().flat_map(|element| texts_of(element, graph)).collect(),
        Value::String(text) => vec![plain(text)],
        Value::Object(object) => {
            let object = graph.resolved(object);
            let said =
                object.get("text").or_else(|| object.get("itemListElement")).or_else(|| object.get("name"));
            said.map(|said| texts_of(said, graph)).unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
