//! Fields beside their labels. Blanks are not compared: where a line breaks is the label's taste.

use std::collections::HashMap;

use importer::{Ingredient, Recipe};
use serde_json::Value;

use crate::pages::Page;

/// A field, and how often the schema-only path of recipe-scrapers reads it as labelled (right, of) over all 1 108 pages.
pub struct Field {
    pub name: &'static str,
    theirs: (u32, u32),
}

pub const FIELDS: [Field; 7] = [
    Field { name: "found", theirs: (1_009, 1_108) },
    Field { name: "title", theirs: (997, 1_108) },
    Field { name: "ingredients", theirs: (842, 1_108) },
    Field { name: "instructions", theirs: (850, 1_106) },
    Field { name: "yields", theirs: (938, 1_063) },
    Field { name: "total time", theirs: (932, 1_048) },
    Field { name: "groups", theirs: (70, 100) },
];

impl Field {
    pub fn at_least(&self) -> f64 {
        f64::from(self.theirs.0) / f64::from(self.theirs.1)
    }
}

/// How often each field was read as labelled, and how often it is labelled.
#[derive(Default)]
pub struct Counts(HashMap<&'static str, (usize, usize)>);

impl Counts {
    pub fn of(&self, field: &str) -> (usize, usize) {
        self.0.get(field).copied().unwrap_or_default()
    }

    pub fn add(&mut self, page: &Page, recipe: Option<&Recipe>, misses: Option<&str>) {
        for field in &FIELDS {
            let Some((read, label)) = compared(field.name, recipe, &page.expected) else { continue };
            let count = self.0.entry(field.name).or_default();
            count.1 += 1;
            if read == label {
                count.0 += 1;
            } else if misses == Some(field.name) {
                println!("{}\n  read  {}\n  label {}", page.name, shortened(&read), shortened(&label));
            }
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(1_500).collect()
}

/// What was read and what the label says, in one form; None where there is no label.
fn compared(field: &str, recipe: Option<&Recipe>, expected: &Value) -> Option<(String, String)> {
    let read = |read: &dyn Fn(&Recipe) -> String| recipe.map(read).unwrap_or_default();
    Some(match field {
        "found" => (read(&|_| "yes".into()), "yes".into()),
        "title" => (read(&|recipe| bare(&recipe.title)), bare(expected["title"].as_str()?)),
        "ingredients" => (read(&ingredients), lines(&expected["ingredients"])?),
        "instructions" => (read(&instructions), lines(&expected["instructions_list"])?),
        "yields" => {
            let label = expected.get("yields")?.as_str().unwrap_or_default();
            (read(&|recipe| yields(recipe, label)), label.to_owned())
        }
        "total time" => (
            read(&minutes),
            expected.get("total_time")?.as_u64().map(|label| label.to_string()).unwrap_or_default(),
        ),
        "groups" => (read(&groups), labelled_groups(expected["ingredient_groups"].as_array()?)),
        other => panic!("BUG: {other} is no field"),
    })
}

/// Without blanks, and without the brackets that the labels have once where the page has them twice.
fn bare(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"\u{200b}\u{feff}\u{ad}\u{2060}".contains(*c))
        .collect();
    if text.contains("((") && text.contains("))") { text.replace("((", "(").replace("))", ")") } else { text }
}

fn lines(list: &Value) -> Option<String> {
    let lines = list.as_array()?.iter().map(|line| bare(line.as_str().unwrap_or_default()));
    Some(lines.collect::<Vec<_>>().join(" | "))
}

fn ingredients(recipe: &Recipe) -> String {
    let items = recipe.ingredient_groups.iter().flat_map(|group| &group.items);
    items.map(|item| bare(item.raw())).collect::<Vec<_>>().join(" | ")
}

/// The labels have titles of sections and names of steps as lines of their own.
fn instructions(recipe: &Recipe) -> String {
    let mut lines = Vec::new();
    for group in &recipe.step_groups {
        lines.extend(group.title.as_deref().map(bare));
        for step in &group.items {
            lines.extend(step.name.as_deref().map(bare));
            lines.push(bare(&step.text));
        }
    }
    lines.join(" | ")
}

/// The label, if it says the same: the number, at either end of a range, and the word where it is none for people or things.
fn yields(recipe: &Recipe, label: &str) -> String {
    let Some(amount) = &recipe.r#yield else { return String::new() };
    let (number, word) = label.split_once(' ').unwrap_or((label, ""));
    let dozen = if word == "dozen" { 12.0 } else { 1.0 };
    let labelled = number.parse::<f64>().ok().map(|number| number * dozen);
    let mut ends = amount.quantity.iter().chain(&amount.quantity_max).map(|end| decimal(end));
    let is_same = labelled.is_some_and(|labelled| ends.any(|end| end == labelled));
    let stem = word.trim_end_matches('s').to_lowercase();
    let is_named =
        matches!(stem.as_str(), "serving" | "item" | "") || amount.raw.to_lowercase().contains(&stem);
    let written = format!("{}: {:?}", amount.raw, amount.quantity);
    if is_same && is_named { label.to_owned() } else { written }
}

fn decimal(fraction: &str) -> f64 {
    let number = |digits: &str| digits.parse::<f64>().unwrap_or(f64::NAN);
    match fraction.split_once('/') {
        Some((above, below)) => number(above) / number(below),
        None => number(fraction),
    }
}

/// Where the page gives no total the labels have the sum of what it gives.
fn minutes(recipe: &Recipe) -> String {
    let times = recipe.times;
    let parts = times.prep.unwrap_or(0) + times.cook.unwrap_or(0);
    let minutes = times.total.unwrap_or(parts).div_ceil(60);
    if minutes == 0 { String::new() } else { minutes.to_string() }
}

fn groups(recipe: &Recipe) -> String {
    let groups = recipe.ingredient_groups.iter().map(|group| {
        let items = group.items.iter().map(Ingredient::raw).map(bare).collect::<Vec<_>>().join(" | ");
        format!("{} => {items}", bare(group.title.as_deref().unwrap_or_default()))
    });
    groups.collect::<Vec<_>>().join(" || ")
}

fn labelled_groups(groups: &[Value]) -> String {
    let groups = groups.iter().map(|group| {
        let title = bare(group["purpose"].as_str().unwrap_or_default());
        format!("{title} => {}", lines(&group["ingredients"]).unwrap_or_default())
    });
    groups.collect::<Vec<_>>().join(" || ")
}
