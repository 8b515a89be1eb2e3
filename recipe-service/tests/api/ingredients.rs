//! Reading ingredient lines without keeping them.

use serde_json::{Value, json};
use testkit::client::Session;
use testkit::{Answer, TestStack, both};

async fn parsed(stack: &TestStack, session: &Session, body: Value) -> Answer {
    stack.recipes.post("/v1/ingredients/parse").bearer(session).json(&body).send().await
}

#[both]
async fn lines_are_read_in_their_order(stack: TestStack) {
    let session = stack.logged_in().await;
    let lines = json!({ "lines": ["두부 200g(1/2모)", "1 1/2 cups flour, sifted", "소금 약간", ""] });

    let answer = parsed(&stack, &session, lines).await;

    let body = answer.assert_status(200).json();
    crate::openapi::assert_is("ReadLines", &body);
    let items = body["items"].as_array().unwrap();
    let of = |name: &str| items.iter().map(|item| item[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("raw"), ["두부 200g(1/2모)", "1 1/2 cups flour, sifted", "소금 약간", ""]);
    let quantity = |min: &str| json!({ "min": min, "max": null });
    assert_eq!(of("quantity"), [quantity("200"), quantity("3/2"), Value::Null, Value::Null]);
    assert_eq!(of("unit"), [json!("g"), json!("cup"), Value::Null, Value::Null]);
    assert_eq!(of("item"), [json!("두부"), json!("flour"), json!("소금"), Value::Null]);
    assert_eq!(of("preparation"), [Value::Null, json!("sifted"), Value::Null, Value::Null]);
    assert_eq!(of("note"), [json!("1/2모"), Value::Null, json!("약간"), Value::Null]);
    assert!(of("confidence").windows(2).all(|pair| pair[0].as_f64() >= pair[1].as_f64()));
}

#[both]
async fn five_hundred_lines_of_a_thousand_characters_are_the_most(stack: TestStack) {
    let session = stack.logged_in().await;
    let most = json!({ "lines": vec!["x".repeat(1_000); 500] });
    parsed(&stack, &session, most).await.assert_status(200);

    for (body, pointer, code) in [
        (json!({ "lines": vec!["x"; 501] }), "/lines", "too_long"),
        (json!({ "lines": ["물", "가".repeat(1_001)] }), "/lines/1", "too_long"),
        (json!({ "lines": ["a\0b"] }), "/lines/0", "nul"),
        (json!({ "lines": [], "language": "한국어" }), "/language", "not_a_language"),
    ] {
        let problem = parsed(&stack, &session, body).await.assert_problem(422, "validation_failed");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    parsed(&stack, &session, json!({ "line": [] })).await.assert_problem(422, "validation_failed");
    parsed(&stack, &session, json!({})).await.assert_problem(422, "validation_failed");
}

/// Plain lines are read when a recipe is kept, replaced and patched.
#[both]
async fn a_recipe_may_be_given_in_plain_lines(stack: TestStack) {
    let session = stack.logged_in().await;
    let draft = |line: &str| json!({ "title": "국", "language": "ko", "ingredient_groups": [{ "title": "양념", "items": [line] }] });
    let item = |answer: &Answer| answer.assert_ok().json()["ingredient_groups"][0]["items"][0].clone();

    let created = stack.create_recipe(&session, draft("간장 1과1/2큰술")).await;
    let read = item(&created);
    assert_eq!((&read["raw"], &read["unit"]), (&json!("간장 1과1/2큰술"), &json!("tbsp")));
    assert_eq!(read["quantity"], json!({ "min": "3/2", "max": null }));

    let id = created.json()["id"].as_str().unwrap().to_owned();
    let put = stack.replace_recipe(&session, &id, created.header("etag"), draft("대파 2~3대")).await;
    let read = item(&put);
    assert_eq!((&read["item"], &read["unit"]), (&json!("대파"), &json!("대")));
    assert_eq!(read["quantity"], json!({ "min": "2", "max": "3" }));

    let change = json!({ "ingredient_groups": draft("MSG 2C")["ingredient_groups"] });
    let patched = stack.change_recipe(&session, &id, put.header("etag"), change).await;
    assert_eq!(item(&patched)["unit"], "cup_kr");
}
