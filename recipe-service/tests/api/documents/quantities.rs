use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::{refused, titled};
use crate::written::Written;

fn with_quantity(quantity: Value) -> Value {
    titled("ingredient_groups", json!([{ "items": [{ "raw": "물 1컵", "quantity": quantity }] }]))
}

#[both]
async fn quantities_are_answered_reduced(stack: TestStack) {
    let session = stack.logged_in().await;
    for (given, answered) in [
        ("2", "2"),
        ("3/2", "3/2"),
        ("6/4", "3/2"),
        ("4/2", "2"),
        ("0", "0"),
        ("0/7", "0"),
        ("007", "7"),
        ("999999999/999999998", "999999999/999999998"),
        ("500000000/1000000", "500"),
    ] {
        let recipe = Written::by(&stack, &session, with_quantity(json!({ "min": given }))).await.body;
        let quantity = &recipe["ingredient_groups"][0]["items"][0]["quantity"];
        assert_eq!(*quantity, json!({ "min": answered, "max": null }));

        let servings = json!({ "raw": "인분", "quantity": given, "quantity_max": given });
        let recipe = Written::by(&stack, &session, titled("yield", servings)).await.body;
        assert_eq!(
            (&recipe["yield"]["quantity"], &recipe["yield"]["quantity_max"]),
            (&json!(answered), &json!(answered))
        );
    }
}

#[both]
async fn what_is_no_quantity_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    for text in [
        "",
        " ",
        "1.5",
        "-1",
        "+1",
        "1/0",
        "0/0",
        "1/-2",
        "1 1/2",
        "1/2/3",
        "½",
        "１",
        "1e3",
        "0x1",
        "1000000000",
        "NaN",
        "약간",
    ] {
        let answer = stack.create_recipe(&session, with_quantity(json!({ "min": text }))).await;
        let place = "/ingredient_groups/0/items/0/quantity/min".to_owned();
        assert_eq!(refused(&answer), [(place, "not_a_quantity".to_owned())], "{text:?}");
        let answer =
            stack.create_recipe(&session, titled("yield", json!({ "raw": "x", "quantity_max": text }))).await;
        assert_eq!(
            refused(&answer),
            [("/yield/quantity_max".to_owned(), "not_a_quantity".to_owned())],
            "{text:?}"
        );
    }
}

#[both]
async fn a_range_begins_before_it_ends(stack: TestStack) {
    let session = stack.logged_in().await;
    for (min, max) in [("1/3", "1/2"), ("1", "1"), ("2/4", "1/2")] {
        Written::by(&stack, &session, with_quantity(json!({ "min": min, "max": max }))).await;
    }
    let place = |member: &str| format!("/ingredient_groups/0/items/0/quantity/{member}");
    let answer = stack.create_recipe(&session, with_quantity(json!({ "min": "1/2", "max": "1/3" }))).await;
    assert_eq!(refused(&answer), [(place("max"), "out_of_range".to_owned())]);
    let answer = stack.create_recipe(&session, with_quantity(json!({ "max": "1" }))).await;
    assert_eq!(refused(&answer), [(place("min"), "missing_member".to_owned())]);
    let answer = stack.create_recipe(&session, with_quantity(json!({}))).await;
    assert_eq!(refused(&answer), [(place("min"), "missing_member".to_owned())]);
}
