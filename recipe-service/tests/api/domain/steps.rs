use serde_json::{Value, json};

use super::{accepted, at, titled, violations};

fn items(items: Value) -> Value {
    titled("step_groups", json!([{ "items": items }]))
}

#[test]
fn a_step_may_be_its_text_alone() {
    let kept = accepted(items(json!(["끓인다"])));

    let step = &kept["step_groups"][0]["items"][0];
    assert_eq!(step["text"], "끓인다");
    assert_eq!(step["ingredient_ids"], json!([]));
    assert!(step["id"].is_string());
}

#[test]
fn a_step_may_name_only_ingredients_of_its_document() {
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";

    let found = violations(items(json!([{ "id": id, "text": "끓인다", "ingredient_ids": [id, "x"] }])));

    assert_eq!(
        found,
        [
            at("/step_groups/0/items/0/ingredient_ids/0", "unknown_reference"),
            at("/step_groups/0/items/0/ingredient_ids/1", "unknown_reference")
        ]
    );
}

#[test]
fn a_group_has_five_hundred_steps_of_ten_thousand_characters() {
    accepted(items(vec!["끓인다"; 500].into()));
    accepted(items(json!(["끓".repeat(10_000)])));

    assert_eq!(violations(items(vec!["끓인다"; 501].into())), [at("/step_groups/0/items", "too_long")]);
    assert_eq!(
        violations(items(json!(["끓".repeat(10_001)]))),
        [at("/step_groups/0/items/0/text", "too_long")]
    );
}

#[test]
fn a_duration_is_a_number_of_seconds() {
    assert_eq!(
        violations(items(json!([{ "text": "끓인다", "duration": -1 }]))),
        [at("/step_groups/0/items/0/duration", "out_of_range")]
    );
}
