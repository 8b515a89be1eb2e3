//! Recipes that were read out of pages and texts.

use importer::Recipe;
use serde_json::{Value, json};

use super::document::{Document, FORMAT};
use super::draft::Draft;
use super::ids::PartId;
use super::inspection::Violation;

/// Makes a document of a recipe that was read. Its lines are read as those of any draft; an export of ours comes back as
/// it was.
pub fn document(recipe: &Recipe, new_id: &mut dyn FnMut() -> PartId) -> Result<Document, Vec<Violation>> {
    if let Some(exported) = exported(recipe, new_id) {
        return Ok(exported);
    }
    let value: Value = serde_json::to_value(recipe).expect("BUG: a recipe that was read does not serialise");
    let draft: Draft = serde_json::from_value(value).expect("BUG: a recipe was read that is no draft");
    let mut document = draft.accept(new_id)?;
    link(recipe, &mut document);
    Ok(document)
}

/// The document that an export holds, if it is one. Anyone can write such a member: it is looked at like any draft, and
/// what breaks a rule is read in the words of schema.org instead.
fn exported(recipe: &Recipe, new_id: &mut dyn FnMut() -> PartId) -> Option<Document> {
    let whole = recipe.whole.as_ref().filter(|whole| whole.get("format") == Some(&json!(FORMAT)))?;
    let mut document = whole.get("document")?.as_object()?.clone();
    // Who may read it is decided here, not there.
    document.remove("visibility");
    if let (Some(url), Some(Value::Object(source))) = (&recipe.origin.url, document.get_mut("source")) {
        source.insert("url".into(), url.as_str().into());
    }
    let draft: Draft = serde_json::from_value(document.into()).ok()?;
    draft.accept(new_id).ok()
}

/// Says of each step which ingredients it uses, where its source said so.
fn link(recipe: &Recipe, document: &mut Document) {
    let ingredients = document.ingredient_groups.iter().flat_map(|group| &group.items);
    let ids: Vec<PartId> = ingredients.map(|ingredient| ingredient.id).collect();
    let read = recipe.step_groups.iter().flat_map(|group| &group.items);
    let kept = document.step_groups.iter_mut().flat_map(|group| &mut group.items);
    for (read, kept) in read.zip(kept) {
        kept.ingredient_ids = read.uses.iter().filter_map(|used| ids.get(*used).copied()).collect();
    }
}
