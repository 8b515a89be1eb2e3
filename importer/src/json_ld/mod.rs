//! Recipes of schema.org, as JSON-LD or in the same shape.

mod find;
mod members;
mod recipe;
pub mod repair;
mod steps;
mod value;

use serde_json::Value;

use self::find::{Graph, Object};
use self::members::Members;
use crate::recipe::Recipe;
use crate::report::{Notes, Reason, Source};

/// The recipe of these values, if one is in them.
pub fn read(values: &[Value], source: Source, notes: &mut Notes) -> Option<Recipe> {
    let mut graph = Graph::default();
    values.iter().for_each(|value| graph.add(value));
    let recipes: Vec<&Object> = graph.recipes().collect();
    // Of equals the first.
    let (at, _) = recipes.iter().enumerate().rev().max_by_key(|(_, recipe)| worth(recipe))?;
    let mut merged = recipes[at].clone();
    for (other_at, other) in recipes.iter().enumerate().filter(|(other_at, _)| *other_at != at) {
        if is_same(recipes[at], other) {
            for (name, value) in other.iter() {
                merged.entry(name.clone()).or_insert_with(|| value.clone());
            }
        } else if other_at < MAX_OTHERS {
            notes.dropped_saying(source, "Recipe", Reason::OtherRecipe, value::name(other).as_deref());
        }
    }
    let mut members = Members::new(merged, source);
    let recipe = recipe::read(&mut members, &graph, notes);
    members.report_rest(notes);
    Some(recipe)
}

const MAX_OTHERS: usize = 1_000;

/// How much a recipe says. Cards that lead to other recipes have a name and a picture.
fn worth(recipe: &Object) -> u32 {
    let has = |names: &[&str]| {
        names.iter().any(|name| recipe.get(*name).is_some_and(|value| !value::is_blank(value)))
    };
    4 * u32::from(has(&["recipeIngredient", "ingredients", "RecipeIngredient"]))
        + 2 * u32::from(has(&["recipeInstructions", "RecipeInstructions"]))
        + u32::from(has(&["name", "Name"]))
}

fn is_same(one: &Object, other: &Object) -> bool {
    let both = |name: &str| {
        one.get(name).filter(|value| !value::is_blank(value)) == other.get(name) && one.contains_key(name)
    };
    both("@id") || both("name")
}
