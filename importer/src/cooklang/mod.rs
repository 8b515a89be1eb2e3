//! Cooklang (the specification of its canonical tests, version 7).
//!
//! [`parse`] is the language; [`read`] makes a recipe of it.

mod component;
mod lines;

use std::fmt::Write;

use ingredients::{Quantity, Rational};

pub use self::component::{Amount, Component, Item};
use crate::duration;
use crate::front_matter::{self, FrontMatter};
use crate::recipe::{Ingredient, IngredientGroup, Known, Recipe, Scaling, Step, StepGroup};
use crate::report::{Notes, Source};

/// A text of Cooklang, taken apart.
#[derive(Debug, Default, PartialEq)]
pub struct Parsed {
    pub metadata: FrontMatter,
    pub sections: Vec<Section>,
}

/// Steps with a heading of their own; the first section has none.
#[derive(Debug, Default, PartialEq)]
pub struct Section {
    pub name: Option<String>,
    pub steps: Vec<Vec<Item>>,
    pub notes: Vec<String>,
}

/// Takes a text apart. Every text is one of Cooklang.
pub fn parse(text: &str) -> Parsed {
    let (mut metadata, body) = front_matter::split(text);
    let body = lines::without_comments(body);
    let mut sections = vec![Section::default()];
    for block in lines::blocks(&body, &mut metadata) {
        match block {
            lines::Block::Section(name) => sections.push(Section { name, ..Section::default() }),
            lines::Block::Note(text) => last(&mut sections).notes.push(text),
            lines::Block::Step(text) => last(&mut sections).steps.push(component::items(&text)),
        }
    }
    sections.retain(|section| *section != Section::default());
    Parsed { metadata, sections }
}

fn last(sections: &mut [Section]) -> &mut Section {
    sections.last_mut().expect("BUG: there is always one")
}

/// The recipe of a text. None where it takes nothing and does nothing.
pub fn read(text: &str, notes: &mut Notes) -> Option<Recipe> {
    let Parsed { metadata, sections } = parse(text);
    let mut recipe = Recipe::default();
    metadata.apply(&mut recipe, Source::Cooklang, notes);
    let mut writer = Writer { ingredients: Vec::new(), tools: Vec::new(), remarks: Vec::new() };
    for section in sections {
        let group = writer.section(section);
        recipe.step_groups.push(group);
    }
    recipe.step_groups.retain(|group| !group.items.is_empty() || group.title.is_some());
    if recipe.step_groups.iter().all(|group| group.items.is_empty()) {
        return None;
    }
    notes.found("step_groups", Source::Cooklang, "steps");
    let Writer { ingredients, tools, remarks } = writer;
    if !ingredients.is_empty() {
        notes.found("ingredient_groups", Source::Cooklang, "@");
        let items = ingredients.into_iter().map(Ingredient::Known).collect();
        recipe.ingredient_groups.push(IngredientGroup { title: None, items });
    }
    if !tools.is_empty() {
        notes.found("tools", Source::Cooklang, "#");
        recipe.tools = tools;
    }
    if !remarks.is_empty() {
        notes.found("extras.notes", Source::Cooklang, ">");
        recipe.extras.insert("notes".into(), remarks.join("\n").into());
    }
    Some(recipe)
}

struct Writer {
    ingredients: Vec<Known>,
    tools: Vec<String>,
    remarks: Vec<String>,
}

impl Writer {
    fn section(&mut self, section: Section) -> StepGroup {
        self.remarks.extend(section.notes);
        StepGroup {
            title: section.name,
            items: section.steps.into_iter().map(|items| self.step(items)).collect(),
        }
    }

    fn step(&mut self, items: Vec<Item>) -> Step {
        let mut step = Step::default();
        let mut timers = Vec::new();
        for item in items {
            match item {
                Item::Text(text) => step.text.push_str(&text),
                Item::Ingredient(component) => {
                    step.text.push_str(&component.name);
                    step.uses.push(self.ingredients.len());
                    self.ingredients.push(known(component));
                }
                Item::Cookware(component) => {
                    step.text.push_str(&component.name);
                    if !self.tools.contains(&component.name) {
                        self.tools.push(component.name);
                    }
                }
                Item::Timer(timer) => {
                    let said = timer.said();
                    timers.push(duration::seconds(&said));
                    step.text.push_str(if said.is_empty() { &timer.name } else { &said });
                }
            }
        }
        step.text = crate::plain::one_line(&step.text);
        // Of several timers none is how long the step takes.
        step.duration = if let [only] = timers.as_slice() { *only } else { None };
        step
    }
}

fn known(component: Component) -> Known {
    let mut raw = component.said();
    if !raw.is_empty() {
        raw.push(' ');
    }
    raw.push_str(&component.name);
    if let Some(preparation) = &component.preparation {
        let _ = write!(raw, ", {preparation}");
    }
    let (quantity, note) = match component.amount {
        Amount::Number(min) => (Some(Quantity { min, max: None }), None),
        Amount::Range(min, max) => (Some(Quantity { min, max: Some(max) }), None),
        Amount::Text(text) => (None, Some(text)),
        Amount::None => (None, None),
    };
    Known {
        raw,
        unit: component.unit.map(|unit| code(&unit, quantity)),
        quantity,
        item: Some(component.name),
        preparation: component.preparation,
        note,
        optional: component.is_optional.then_some(true),
        scaling: if component.is_fixed { Scaling::Fixed } else { Scaling::Linear },
    }
}

/// The code of a unit where it has one: what a line with it would be read as.
fn code(unit: &str, quantity: Option<Quantity>) -> String {
    let one = quantity.map_or_else(|| Rational::from(1).to_string(), |quantity| quantity.min.to_string());
    let read = ingredients::parse(&format!("{one} {unit} x"), None);
    read.unit.unwrap_or_else(|| unit.to_owned())
}
