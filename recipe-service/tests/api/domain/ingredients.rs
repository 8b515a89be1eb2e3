use std::collections::HashSet;

use serde_json::{Value, json};

use super::{accepted, at, titled, violations};

fn items(items: Value) -> Value {
    titled("ingredient_groups", json!([{ "items": items }]))
}

#[test]
fn a_plain_string_is_kept_as_its_raw_line() {
    let kept = accepted(items(json!(["돼지고기 200g", ""])));

    let first = &kept["ingredient_groups"][0]["items"][0];
    assert_eq!(first["raw"], "돼지고기 200g");
    assert_eq!(first["scaling"], "linear");
    for absent in ["quantity", "unit", "item", "preparation", "note", "optional"] {
        assert_eq!(first[absent], Value::Null);
    }
    assert_eq!(kept["ingredient_groups"][0]["items"][1]["raw"], "");
}

#[test]
fn ids_are_made_where_absent_and_kept_where_given() {
    let given = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    let kept = accepted(items(json!(["물", { "raw": "소금", "id": given }, "파"])));

    let items = kept["ingredient_groups"][0]["items"].as_array().unwrap();
    let ids: HashSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(items[1]["id"], given);
}

#[test]
fn ids_are_unique_in_the_whole_document() {
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";

    let found = violations(json!({
        "title": "t",
        "ingredient_groups": [{ "items": [{ "raw": "물", "id": id }] }, { "items": [{ "raw": "소금", "id": id }] }],
        "step_groups": [{ "items": [{ "text": "끓인다", "id": id.to_uppercase() }] }],
    }));

    assert_eq!(
        found,
        [
            at("/ingredient_groups/1/items/0/id", "duplicate_id"),
            at("/step_groups/0/items/0/id", "duplicate_id")
        ]
    );
}

#[test]
fn an_id_that_is_no_uuid_is_refused() {
    assert_eq!(
        violations(items(json!([{ "raw": "물", "id": "1" }]))),
        [at("/ingredient_groups/0/items/0/id", "not_an_id")]
    );
}

#[test]
fn quantities_are_reduced() {
    let kept = accepted(items(json!([{ "raw": "물", "quantity": { "min": "6/4", "max": "04/2" } }])));

    assert_eq!(kept["ingredient_groups"][0]["items"][0]["quantity"], json!({ "min": "3/2", "max": "2" }));
}

#[test]
fn a_quantity_has_a_beginning_and_ends_behind_it() {
    assert_eq!(
        violations(items(
            json!([{ "raw": "물", "quantity": { "max": "1" } }, { "raw": "물", "quantity": { "min": "2", "max": "1" } }])
        )),
        [
            at("/ingredient_groups/0/items/0/quantity/min", "missing_member"),
            at("/ingredient_groups/0/items/1/quantity/max", "out_of_range")
        ]
    );
}

#[test]
fn five_hundred_items_in_all_and_fifty_groups_are_the_most() {
    let groups = |groups: usize, items: usize| {
        titled("ingredient_groups", vec![json!({ "items": vec!["물"; items] }); groups].into())
    };

    accepted(groups(50, 10));
    assert_eq!(violations(groups(51, 1)), [at("/ingredient_groups", "too_long")]);
    assert_eq!(violations(groups(3, 167)), [at("/ingredient_groups", "too_long")]);
}

#[test]
fn a_line_has_a_thousand_characters() {
    accepted(items(json!(["물".repeat(1_000)])));
    assert_eq!(
        violations(items(json!(["물".repeat(1_001)]))),
        [at("/ingredient_groups/0/items/0/raw", "too_long")]
    );
}
