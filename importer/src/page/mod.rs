//! Recipes in pages of the web.

mod classes;
mod groups;
mod head;
mod listed;
mod microdata;
mod written;

use serde_json::Value;

use self::head::Head;
use crate::dom::{self, Page};
use crate::json_ld::{self, repair};
use crate::recipe::{Origin, Recipe, Times};
use crate::report::{Notes, Reason, Source};

/// The recipe of a page: from its JSON-LD, else from its microdata, else from the markup of a plugin that is known, else
/// from what stands below headings.
pub fn read(html: &str, notes: &mut Notes) -> Option<Recipe> {
    let page = dom::parse(html);
    if page.is_cut {
        notes.dropped(Source::Page, "the rest of the page", Reason::TooMany);
    }
    let said = machine_readable(&page, notes);
    let mut recipe = match said.or_else(|| classes::read(&page, notes)) {
        Some(said) if said.says_something() => said,
        said => written(&page, said, notes)?,
    };
    Head::of(&page).complete(&mut recipe, notes);
    groups::apart(&page, &mut recipe, notes);
    Some(recipe)
}

/// What only people can read of a page: headings, and lists below them.
fn written(page: &Page, said: Option<Recipe>, notes: &mut Notes) -> Option<Recipe> {
    let mut others = Notes::default();
    let read = written::read(page, &mut others);
    match (said, read) {
        (Some(said), Some(read)) => Some(completed(said, read, others, notes)),
        (None, Some(read)) => {
            *notes = others;
            Some(read)
        }
        (said, None) => said,
    }
}

fn machine_readable(page: &Page, notes: &mut Notes) -> Option<Recipe> {
    let scripts = scripts(page, notes);
    let said = json_ld::read(&scripts, Source::JsonLd, notes);
    if said.as_ref().is_some_and(is_whole) {
        return said;
    }
    let items = microdata::items(page);
    let Some(said) = said else { return json_ld::read(&items, Source::Microdata, notes) };
    // What is missing may stand in the markup.
    let mut others = Notes::default();
    match json_ld::read(&items, Source::Microdata, &mut others) {
        Some(other) => Some(completed(said, other, others, notes)),
        None => Some(said),
    }
}

fn is_whole(recipe: &Recipe) -> bool {
    !recipe.title.is_empty() && !recipe.ingredient_groups.is_empty() && !recipe.step_groups.is_empty()
}

fn completed(mut recipe: Recipe, other: Recipe, others: Notes, notes: &mut Notes) -> Recipe {
    let mut take = |field: &str| {
        if let Some((source, member)) = others.source_of(field) {
            notes.found(field, source, &member);
        }
    };
    if recipe.title.is_empty() {
        recipe.title = other.title;
        take("title");
    }
    if recipe.ingredient_groups.is_empty() {
        recipe.ingredient_groups = other.ingredient_groups;
        take("ingredient_groups");
    }
    if recipe.step_groups.is_empty() {
        recipe.step_groups = other.step_groups;
        take("step_groups");
    }
    if recipe.r#yield.is_none() {
        recipe.r#yield = other.r#yield;
        take("yield");
    }
    if recipe.origin == Origin::default() {
        recipe.origin = other.origin;
        ["source.url", "source.name", "source.author"].into_iter().for_each(&mut take);
    }
    if recipe.times == Times::default() {
        recipe.times = other.times;
        ["times.prep", "times.cook", "times.rest", "times.total"].into_iter().for_each(take);
    }
    notes.also_dropped(others);
    recipe
}

/// What the page says in JSON-LD; what is broken is mended or reported.
fn scripts(page: &Page, notes: &mut Notes) -> Vec<Value> {
    let is_json_ld = |kind: &str| kind.to_ascii_lowercase().contains("ld+json");
    let scripts = page
        .all()
        .filter(|id| page.name(*id) == "script" && page.attribute(*id, "type").is_some_and(is_json_ld));
    let mut values = Vec::new();
    for script in scripts {
        let text = page.raw(script);
        if text.trim().is_empty() {
            continue;
        }
        match repair::read(&text) {
            Some(read) => {
                read.mended.iter().for_each(|what| notes.mended(Source::JsonLd, what));
                values.push(read.value);
            }
            None => notes.dropped_saying(Source::JsonLd, "script", Reason::Broken, Some(text.trim())),
        }
    }
    values
}
