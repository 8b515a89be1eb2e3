use recipe_service::domain::draft::Draft;
use recipe_service::domain::ids::PartId;
use recipe_service::domain::inspection::Violation;
use recipe_service::domain::json::FreeObject;
use recipe_service::domain::patch::patched;
use serde_json::{Value, json};

fn patch(recipe: Value, patch: Value) -> Result<Draft, Violation> {
    let patch: FreeObject = serde_json::from_value(patch).unwrap();
    patched(recipe.as_object().unwrap().clone(), patch)
}

fn result(recipe: Value, changes: Value) -> Value {
    let document = patch(recipe, changes).unwrap().accept(&mut PartId::new).unwrap();
    serde_json::from_str(&document.to_text().unwrap()).unwrap()
}

#[test]
fn a_patch_sets_removes_and_keeps() {
    let recipe = json!({
        "title": "a", "description": "b", "tags": ["x"], "times": { "prep": 1, "cook": 2 }, "extras": { "k": { "l": 1 } },
    });

    let patched = result(
        recipe,
        json!({ "title": "c", "description": null, "times": { "prep": null, "rest": 3 }, "extras": { "k": { "m": 2, "n": null } } }),
    );

    assert_eq!(patched["title"], "c");
    assert_eq!(patched["description"], Value::Null);
    assert_eq!(patched["tags"], json!(["x"]));
    assert_eq!(patched["times"], json!({ "prep": null, "cook": 2, "rest": 3, "total": null }));
    assert_eq!(patched["extras"], json!({ "k": { "l": 1, "m": 2 } }));
}

#[test]
fn a_list_is_replaced_whole_and_emptied_by_null() {
    let recipe = json!({ "title": "a", "tags": ["x", "y"], "tools": ["pot"] });

    let patched = result(recipe, json!({ "tags": ["z"], "tools": null }));

    assert_eq!(patched["tags"], json!(["z"]));
    assert_eq!(patched["tools"], json!([]));
}

#[test]
fn a_patch_to_a_wrong_type_or_an_unknown_member_says_where() {
    let recipe = json!({ "title": "a", "tags": [] });

    let pointer = |changes: Value| patch(recipe.clone(), changes).unwrap_err().pointer;

    assert_eq!(pointer(json!({ "tags": ["a", 1] })), "/tags/1");
    assert_eq!(pointer(json!({ "times": { "prep": "1" } })), "/times/prep");
    assert_eq!(
        pointer(json!({ "ingredient_groups": [{ "items": [{ "raw": 1 }] }] })),
        "/ingredient_groups/0/items/0/raw"
    );
    assert_eq!(pointer(json!({ "unknown": 1 })), "/unknown");
}
