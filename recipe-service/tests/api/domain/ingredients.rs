use std::collections::HashSet;

use serde_json::{Value, json};

use super::{accepted, at, titled, violations};

fn items(items: Value) -> Value {
    titled("ingredient_groups", json!([{ "items": items }]))
}

#[test]
fn a_plain_string_is_read_and_kept_as_its_raw_line() {
    let kept = accepted(items(json!([" 돼지고기 600g(1근)", ""])));

    let items = kept["ingredient_groups"][0]["items"].as_array().unwrap();
    let read = |item: &Value| {
        let mut item = item.clone();
        item.as_object_mut().unwrap().remove("id");
        item
    };
    assert_eq!(
        read(&items[0]),
        json!({
            "raw": " 돼지고기 600g(1근)", "quantity": { "min": "600", "max": null }, "unit": "g", "item": "돼지고기",
            "preparation": null, "note": "1근", "optional": null, "scaling": "linear"
        })
    );
    assert_eq!(
        read(&items[1]),
        json!({
            "raw": "", "quantity": null, "unit": null, "item": null,
            "preparation": null, "note": null, "optional": null, "scaling": "linear"
        })
    );
}

#[test]
fn a_line_in_the_language_of_the_recipe_is_read_so() {
    let draft = |language: &str| json!({ "title": "t", "language": language, "ingredient_groups": [{ "items": ["2C MSG"] }] });
    let unit = |language: &str| accepted(draft(language))["ingredient_groups"][0]["items"][0]["unit"].clone();

    assert_eq!((unit("ko"), unit("en")), (json!("cup_kr"), json!("cup")));
}

#[test]
fn what_is_given_with_its_parts_is_not_read() {
    let kept = accepted(items(json!([{ "raw": "돼지고기 600g" }])));

    assert_eq!(kept["ingredient_groups"][0]["items"][0]["quantity"], Value::Null);
}

/// Whatever is read of a line is within the limits of what may be given: the document can be sent back.
#[test]
fn what_is_read_of_a_long_line_can_be_sent_back() {
    let lines = ["a,".repeat(500), "(1개)".repeat(250), "가".repeat(1_000), format!("1{}", "가".repeat(999))];
    let kept = accepted(items(json!(lines)));

    assert_eq!(accepted(kept.clone())["ingredient_groups"], kept["ingredient_groups"]);
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
