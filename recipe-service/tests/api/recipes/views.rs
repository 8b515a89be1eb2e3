use serde_json::{Value, json};
use testkit::{Answer, TestStack, both};

use crate::written::Written;

fn cake() -> Value {
    let item = |raw: &str, min: &str, unit: &str, item: &str, scaling: &str| json!({ "raw": raw, "quantity": { "min": min }, "unit": unit, "item": item, "scaling": scaling });
    json!({
        "title": "Cake", "yield": { "raw": "8 slices", "quantity": "8", "unit": "slices" },
        "ingredient_groups": [{ "items": [
            item("1 1/3 cups flour", "4/3", "cup", "flour", "linear"),
            item("1 vanilla pod", "1", "piece", "vanilla pod", "fixed"),
            item("8 oz butter", "8", "oz", "butter", "linear"),
            "salt to taste",
        ] }],
        "step_groups": [{ "items": ["Bake at 350°F for 30 minutes."] }],
    })
}

async fn seen(stack: &TestStack, session: &testkit::Session, recipe: &Written, query: &str) -> Answer {
    stack.recipes.get(&format!("{}?{query}", recipe.path())).bearer(session).send().await
}

/// The amounts of a recipe's ingredients, in their order.
#[track_caller]
fn amounts(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.assert_status(200).json();
    crate::openapi::assert_is("Recipe", &body);
    let items = body["ingredient_groups"][0]["items"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    items.iter().map(|item| (text(&item["quantity"]["min"]), text(&item["unit"]))).collect()
}

fn pairs(amounts: &[(&str, &str)]) -> Vec<(String, String)> {
    amounts.iter().map(|(amount, unit)| ((*amount).to_owned(), (*unit).to_owned())).collect()
}

#[both]
async fn a_recipe_is_seen_for_more_people(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, cake()).await;

    let twelve = seen(&stack, &session, &recipe, "servings=12").await;

    let expected = pairs(&[("2", "cup"), ("1", "piece"), ("12", "oz"), ("-", "-")]);
    assert_eq!(amounts(&twelve), expected);
    assert_eq!(amounts(&seen(&stack, &session, &recipe, "scale=3/2").await), expected);
    assert_eq!(twelve.json()["yield"]["quantity"], "12");
    // The lines stay as they were written, and so does what is kept.
    assert_eq!(twelve.json()["ingredient_groups"][0]["items"][0]["raw"], "1 1/3 cups flour");
    assert_eq!(
        recipe.again(&stack, &session).await.body["ingredient_groups"],
        recipe.body["ingredient_groups"]
    );
    assert_eq!(amounts(&seen(&stack, &session, &recipe, "scale=1/7").await)[0].0, "4/21");
}

#[both]
async fn a_recipe_is_seen_in_other_units(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, cake()).await;

    let metric = seen(&stack, &session, &recipe, "units=metric").await;

    assert_eq!(amounts(&metric), pairs(&[("315", "ml"), ("1", "piece"), ("225", "g"), ("-", "-")]));
    assert_eq!(metric.json()["step_groups"][0]["items"][0]["text"], "Bake at 175°C for 30 minutes.");
    let us = seen(&stack, &session, &recipe, "units=us").await;
    assert_eq!(amounts(&us), amounts(&stack.recipe(&session, &recipe.id).await));
    assert_eq!(us.json()["step_groups"], recipe.body["step_groups"]);
    let both = seen(&stack, &session, &recipe, "units=metric&scale=2").await;
    assert_eq!(amounts(&both)[2], ("455".to_owned(), "g".to_owned()));
}

#[both]
async fn a_view_that_cannot_be_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, cake()).await;
    for query in [
        "servings=0",
        "servings=-1",
        "servings=x",
        "servings=",
        "servings=1.5",
        "scale=0",
        "scale=1/0",
        "scale=1000000000",
        "scale=999999999",
        "scale=2&servings=2",
        "scale=2&scale=2",
        "units=imperial",
        "units=",
    ] {
        let answer = seen(&stack, &session, &recipe, query).await;
        answer.assert_problem(400, "invalid_parameter");
    }
    let unknown = Written::by(&stack, &session, json!({ "title": "국", "yield": { "raw": "a pot" } })).await;
    let answer = seen(&stack, &session, &unknown, "servings=2").await;
    answer.assert_problem(400, "invalid_parameter");
    assert!(answer.json()["detail"].as_str().unwrap().contains("\"servings\""), "{answer}");
    seen(&stack, &session, &unknown, "scale=2").await.assert_status(200);
}
