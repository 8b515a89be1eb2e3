//! Recipes that only the classes of a known plugin, or of hRecipe, tell from the rest of a page.

use crate::amount::read_yield;
use crate::dom::{NodeId, Page};
use crate::duration;
use crate::plain::one_line;
use crate::recipe::{Ingredient, IngredientGroup, Recipe, Step, StepGroup};
use crate::report::{Notes, Source};

/// The names of a kind of markup. The first class that is there counts.
struct Markup {
    source: Source,
    name: &'static str,
    whole: &'static [&'static str],
    title: &'static [&'static str],
    ingredients: &'static [&'static str],
    steps: &'static [&'static str],
    r#yield: &'static [&'static str],
    total: &'static [&'static str],
}

const MARKUPS: &[Markup] = &[
    Markup {
        source: Source::Wprm,
        name: "wprm-recipe",
        whole: &["wprm-recipe-container", "wprm-recipe"],
        title: &["wprm-recipe-name"],
        ingredients: &["wprm-recipe-ingredient"],
        steps: &["wprm-recipe-instruction-text", "wprm-recipe-instruction"],
        r#yield: &["wprm-recipe-servings-with-unit", "wprm-recipe-servings"],
        total: &["wprm-recipe-total-time-container"],
    },
    Markup {
        source: Source::Tasty,
        name: "tasty-recipes",
        whole: &["tasty-recipes"],
        title: &["tasty-recipes-title"],
        ingredients: &["tasty-recipes-ingredients-body", "tasty-recipes-ingredients"],
        steps: &["tasty-recipes-instructions-body", "tasty-recipes-instructions"],
        r#yield: &["tasty-recipes-yield"],
        total: &["tasty-recipes-total-time"],
    },
    Markup {
        source: Source::Mediavine,
        name: "mv-create-card",
        whole: &["mv-create-card"],
        title: &["mv-create-title"],
        ingredients: &["mv-create-ingredients"],
        steps: &["mv-create-instructions"],
        r#yield: &["mv-create-yield"],
        total: &["mv-create-time-total"],
    },
    Markup {
        source: Source::Page,
        name: "hrecipe",
        whole: &["h-recipe", "hrecipe"],
        title: &["p-name", "fn"],
        ingredients: &["p-ingredient", "ingredient"],
        steps: &["e-instructions", "instructions", "instruction"],
        r#yield: &["p-yield", "yield"],
        total: &["dt-duration", "duration"],
    },
];

pub fn read(page: &Page, notes: &mut Notes) -> Option<Recipe> {
    MARKUPS.iter().find_map(|markup| {
        let whole = page.all().find(|id| markup.whole.iter().any(|class| page.has_class(*id, class)))?;
        read_as(page, whole, markup, notes)
    })
}

fn read_as(page: &Page, whole: NodeId, markup: &Markup, notes: &mut Notes) -> Option<Recipe> {
    let lines = |classes: &[&str]| -> Vec<String> {
        let nodes = first_class(page, whole, classes);
        // One element is a list; several are its lines.
        if let [only] = nodes.as_slice() {
            return listed(page, *only);
        }
        nodes.iter().map(|id| one_line(&page.text(*id))).filter(|line| !line.is_empty()).collect()
    };
    let ingredients: Vec<Ingredient> = lines(markup.ingredients).into_iter().map(Ingredient::Line).collect();
    let steps: Vec<Step> =
        lines(markup.steps).into_iter().map(|text| Step { text, ..Step::default() }).collect();
    if ingredients.is_empty() || steps.is_empty() {
        return None;
    }
    let mut found = |field: &str| notes.found(field, markup.source, markup.name);
    let one = |classes: &[&str]| lines(classes).into_iter().next();
    let mut recipe = Recipe {
        ingredient_groups: vec![IngredientGroup { title: None, items: ingredients }],
        step_groups: vec![StepGroup { title: None, items: steps }],
        r#yield: one(markup.r#yield).and_then(|text| read_yield(&text)),
        ..Recipe::default()
    };
    found("ingredient_groups");
    found("step_groups");
    if let Some(title) = one(markup.title) {
        recipe.title = title;
        found("title");
    }
    if recipe.r#yield.is_some() {
        found("yield");
    }
    recipe.times.total =
        first_class(page, whole, markup.total).first().and_then(|id| duration::seconds(&page.text(*id)));
    if recipe.times.total.is_some() {
        found("times.total");
    }
    Some(recipe)
}

/// The elements of the first class that is there, none of them in another.
fn first_class(page: &Page, whole: NodeId, classes: &[&str]) -> Vec<NodeId> {
    let all = classes.iter().map(|class| page.outermost(whole, |id| page.has_class(id, class)));
    all.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// The entries of a list, or the lines of a text.
fn listed(page: &Page, id: NodeId) -> Vec<String> {
    let entries = page.outermost(id, |below| page.name(below) == "li").into_iter();
    let entries: Vec<String> =
        entries.map(|entry| one_line(&page.text(entry))).filter(|line| !line.is_empty()).collect();
    if entries.is_empty() { page.lines(id) } else { entries }
}
