//! Groups of ingredients: schema.org has none, the markup of a page has.
//!
//! The lines stay those of the recipe. The markup says where a group begins, and what it is called.

use super::listed;
use crate::dom::{NodeId, Page};
use crate::plain::one_line;
use crate::recipe::{Ingredient, IngredientGroup, Recipe};
use crate::report::{Notes, Reason, Source};

/// How a plugin marks its lists of ingredients.
struct Plugin {
    source: Source,
    name: &'static str,
    is_list: fn(&Page, NodeId) -> bool,
    is_item: fn(&Page, NodeId) -> bool,
    is_heading: fn(&Page, NodeId) -> bool,
}

const PLUGINS: &[Plugin] = &[
    Plugin {
        source: Source::Wprm,
        name: "wprm-recipe-ingredient-group",
        is_list: |page, id| page.has_class(id, "wprm-recipe-ingredients-container"),
        is_item: |page, id| page.has_class(id, "wprm-recipe-ingredient"),
        is_heading: |page, id| page.has_class(id, "wprm-recipe-group-name"),
    },
    // Old versions of it have no element around the list alone.
    Plugin {
        source: Source::Wprm,
        name: "wprm-recipe-ingredient-group",
        is_list: |page, id| page.has_class(id, "wprm-recipe-container"),
        is_item: |page, id| page.has_class(id, "wprm-recipe-ingredient"),
        is_heading: |page, id| page.has_class(id, "wprm-recipe-group-name"),
    },
    Plugin {
        source: Source::Tasty,
        name: "tasty-recipes-ingredients",
        is_list: |page, id| {
            page.has_class(id, "tasty-recipes-ingredients-body")
                || page.has_class(id, "tasty-recipes-ingredients")
        },
        is_item: |page, id| page.name(id) == "li",
        is_heading: |page, id| {
            matches!(page.name(id), "h4" | "h5")
                || (matches!(page.name(id), "strong" | "b") && stands_in_paragraph(page, id))
        },
    },
    Plugin {
        source: Source::Mediavine,
        name: "mv-create-ingredients",
        is_list: |page, id| page.has_class(id, "mv-create-ingredients"),
        is_item: |page, id| page.name(id) == "li",
        is_heading: |page, id| matches!(page.name(id), "h4" | "h5"),
    },
];

/// Not in a line of the list itself, where bold letters mean an amount.
fn stands_in_paragraph(page: &Page, id: NodeId) -> bool {
    page.ancestors(id)
        .take(3)
        .find(|above| matches!(page.name(*above), "p" | "li"))
        .is_some_and(|above| page.name(above) == "p")
}

/// A list as its markup has it: lines, and headings between them.
pub(super) struct Outline {
    pub(super) parts: Vec<(Option<String>, usize)>,
}

/// Tells the groups of a recipe's only list apart.
pub fn apart(page: &Page, recipe: &mut Recipe, notes: &mut Notes) {
    let [only] = recipe.ingredient_groups.as_slice() else { return };
    if only.title.is_some() || only.items.len() < 2 {
        return;
    }
    let lines: Vec<String> = only.items.iter().map(|item| item.raw().to_owned()).collect();
    let mut mismatched = None;
    for plugin in PLUGINS {
        match of_plugin(page, plugin, lines.len()) {
            Some(Ok(outline)) => return group(recipe, outline, plugin.source, plugin.name, notes),
            Some(Err(NotTheSame)) => mismatched = mismatched.or(Some(plugin)),
            None => {}
        }
    }
    if let Some((outline, name)) = listed::outline(page, &lines) {
        return group(recipe, outline, Source::Page, &name, notes);
    }
    if let Some(plugin) = mismatched {
        notes.dropped(plugin.source, plugin.name, Reason::Unreadable);
    }
}

/// The markup has groups, but not of as many lines as the recipe has.
struct NotTheSame;

fn of_plugin(page: &Page, plugin: &Plugin, lines: usize) -> Option<Result<Outline, NotTheSame>> {
    let lists = page.outermost(Page::ROOT, |id| (plugin.is_list)(page, id));
    let mut has_groups = false;
    for list in lists {
        let outline = read_list(page, list, plugin);
        let is_grouped = outline.parts.iter().any(|(title, _)| title.is_some());
        if is_grouped && outline.parts.iter().map(|(_, count)| count).sum::<usize>() == lines {
            return Some(Ok(outline));
        }
        has_groups |= is_grouped;
    }
    has_groups.then_some(Err(NotTheSame))
}

fn read_list(page: &Page, list: NodeId, plugin: &Plugin) -> Outline {
    let marks = page.outermost(list, |id| (plugin.is_item)(page, id) || (plugin.is_heading)(page, id));
    let mut parts: Vec<(Option<String>, usize)> = Vec::new();
    for mark in marks {
        let text = one_line(&page.text(mark));
        if text.is_empty() {
            continue;
        }
        if (plugin.is_item)(page, mark) {
            match parts.last_mut() {
                Some((_, count)) => *count += 1,
                None => parts.push((None, 1)),
            }
        } else {
            parts.push((Some(text), 0));
        }
    }
    Outline { parts }
}

fn group(recipe: &mut Recipe, outline: Outline, source: Source, name: &str, notes: &mut Notes) {
    let all = std::mem::take(&mut recipe.ingredient_groups);
    let mut items = all.into_iter().flat_map(|group| group.items);
    let groups = outline.parts.into_iter().filter(|(_, count)| *count > 0).map(|(title, count)| {
        let items: Vec<Ingredient> = items.by_ref().take(count).collect();
        IngredientGroup { title, items }
    });
    recipe.ingredient_groups = groups.collect();
    notes.found("ingredient_groups.title", source, name);
}
