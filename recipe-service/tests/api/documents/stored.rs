use serde_json::{Value, json};
use testkit::{TestStack, both, everywhere};

use super::titled;
use crate::written::Written;

/// A recipe with every member that a household can write.
fn kimchi_stew() -> Value {
    serde_json::from_str(include_str!("../fixtures/kimchi-stew.json")).expect("the fixture is JSON")
}

#[track_caller]
fn assert_holds(answered: &Value, given: &Value) {
    for (name, value) in given.as_object().expect("a recipe is an object") {
        assert_eq!(&answered[name], value, "{name}");
    }
}

/// T190
#[everywhere]
async fn a_full_recipe_is_read_back_as_it_was_written(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = kimchi_stew();

    let written = Written::by(&stack, &session, given.clone()).await;

    assert_holds(&written.body, &given);
    for copy in 0..stack.copies() {
        let read = Written::of(&stack.recipes(copy).recipe(&session, &written.id).await);
        assert_holds(&read.body, &given);
        assert_eq!(read.body.as_object().unwrap().len(), given.as_object().unwrap().len() + 9);
    }
}

#[both]
async fn a_full_recipe_can_be_put_and_patched_in(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = kimchi_stew();
    let first = Written::by(&stack, &session, json!({ "title": "국" })).await;
    let second = Written::by(&stack, &session, json!({ "title": "국" })).await;

    let put = stack.replace_recipe(&session, &first.id, &first.etag, given.clone()).await;
    assert_holds(&Written::of(&put).body, &given);
    assert_holds(&first.again(&stack, &session).await.body, &given);

    let patched = Written::of(&stack.change_recipe(&session, &second.id, &second.etag, given.clone()).await);
    // A merge patch cannot set null: members of free objects that are null are not there.
    let mut expected = given;
    expected["nutrition"].as_object_mut().unwrap().remove("빈값");
    assert_holds(&patched.body, &expected);
}

/// T190: text is data. What is dangerous elsewhere is stored and answered as it is, and never as anything but JSON.
#[both]
async fn hostile_text_is_kept_as_text(stack: TestStack) {
    let session = stack.logged_in().await;
    for text in [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "'; DROP TABLE recipes; --",
        "$1 $2 {0} %s %n ${jndi:ldap://x} {{7*7}}",
        "\u{202e}gnp.exe\u{202c} \u{200b}\u{feff}\u{2028}\u{2029}",
        "\u{1}\u{7}\u{1b}[31m\u{7f}\u{9f}",
        "\u{ffff}\u{fffe}\u{10ffff}\u{e000}",
        "../../etc/passwd\\..\\\r\nSet-Cookie: x=1",
        "ﷺﬀ①Å\u{212b} e\u{301}é 가\u{1100}\u{1161}",
    ] {
        let given = json!({
            "title": text, "description": text, "tags": [text], "extras": { text: text },
            "ingredient_groups": [{ "title": text, "items": [text] }], "step_groups": [{ "items": [text] }],
        });
        let recipe = Written::by(&stack, &session, given).await;
        let answer = stack.recipe(&session, &recipe.id).await;
        let read = answer.json();
        for pointer in [
            "/title",
            "/description",
            "/tags/0",
            "/ingredient_groups/0/title",
            "/ingredient_groups/0/items/0/raw",
            "/step_groups/0/items/0/text",
        ] {
            assert_eq!(read.pointer(pointer).unwrap(), text, "{pointer}");
        }
        assert_eq!(read["extras"], json!({ text: text }));
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

/// T190: a thousand marks on one letter, and as much text as there may be.
#[both]
async fn long_text_comes_back_byte_for_byte(stack: TestStack) {
    let session = stack.logged_in().await;
    let steps: Vec<String> = (0..16).map(|number| format!("{number}{}", "가\u{301}".repeat(4_999))).collect();
    let given = json!({ "title": "국", "description": "e\u{301}".repeat(2_000), "step_groups": [{ "items": steps }] });

    let recipe = Written::by(&stack, &session, given.clone()).await.again(&stack, &session).await.body;

    assert_eq!(recipe["description"], given["description"]);
    let texts = recipe["step_groups"][0]["items"].as_array().unwrap().iter().map(|step| step["text"].clone());
    assert_eq!(Value::from_iter(texts), given["step_groups"][0]["items"]);
}

#[both]
async fn plain_lines_are_kept_as_they_were_written(stack: TestStack) {
    let session = stack.logged_in().await;
    let lines = ["돼지고기 200g", "고춧가루 1½큰술", "소금 약간", "2 cups flour, sifted", ""];
    let given = json!({
        "title": "국",
        "ingredient_groups": [{ "items": lines }, { "title": "양념", "items": ["간장 1T", { "raw": "참기름" }] }],
        "step_groups": [{ "items": ["끓인다.", { "text": "간한다.", "duration": 60 }] }],
    });

    let recipe = Written::by(&stack, &session, given).await.again(&stack, &session).await.body;

    let items = recipe["ingredient_groups"][0]["items"].as_array().unwrap();
    let raws: Vec<&str> = items.iter().map(|item| item["raw"].as_str().unwrap()).collect();
    assert_eq!(raws, lines);
    assert!(items.iter().all(|item| item["scaling"] == "linear" && item["id"].is_string()));
    assert_eq!(recipe["ingredient_groups"][1]["items"][1]["raw"], "참기름");
    assert_eq!(recipe["step_groups"][0]["items"][0]["text"], "끓인다.");
    assert_eq!(recipe["step_groups"][0]["items"][1]["duration"], 60);
}

/// T194: a number comes back as it was sent, or is refused.
#[both]
async fn numbers_are_exact_or_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    for (number, answered) in [
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("0.1", "0.1"),
        ("1.0", "1.0"),
        ("1e2", "100.0"),
    ] {
        let body = format!("{{\"title\":\"국\",\"extras\":{{\"n\":{number}}}}}");
        let answer =
            stack.recipes.post("/v1/recipes").bearer(&session).body("application/json", body).send().await;
        assert!(answer.assert_status(201).text().contains(&format!("{{\"n\":{answered}}}")), "{answer}");
    }
    for (member, number, status) in [
        ("\"extras\":{\"n\":18446744073709551616}", "/extras/n", 422),
        ("\"extras\":{\"n\":[1e30]}", "/extras/n/0", 422),
        ("\"extras\":{\"n\":1e400}", "", 400),
        ("\"times\":{\"prep\":-1}", "/times/prep", 422),
        ("\"times\":{\"prep\":1.0}", "/times/prep", 422),
        ("\"times\":{\"prep\":1e2}", "/times/prep", 422),
        ("\"times\":{\"prep\":\"1\"}", "/times/prep", 422),
        ("\"times\":{\"prep\":9007199254740993}", "/times/prep", 422),
        ("\"times\":{\"prep\":9223372036854775808}", "/times/prep", 422),
        ("\"times\":{\"prep\":99999999999999999999}", "/times/prep", 422),
        ("\"yield\":{\"raw\":\"2\",\"quantity\":2}", "/yield/quantity", 422),
        (
            "\"step_groups\":[{\"items\":[{\"text\":\"x\",\"duration\":0.5}]}]",
            "/step_groups/0/items/0/duration",
            422,
        ),
    ] {
        let body = format!("{{\"title\":\"국\",{member}}}");
        let answer =
            stack.recipes.post("/v1/recipes").bearer(&session).body("application/json", body).send().await;
        match status {
            400 => drop(answer.assert_problem(400, "malformed_json")),
            _ => assert_eq!(super::refused(&answer)[0].0, number, "{answer}"),
        }
    }
}

#[both]
async fn ids_of_parts_are_made_once_and_stay(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = titled("ingredient_groups", json!([{ "items": ["물", "소금"] }, { "items": ["물"] }]));
    let first = Written::by(&stack, &session, given).await;

    let put = stack.replace_recipe(&session, &first.id, &first.etag, first.body.clone()).await;
    let put = Written::of(&put);
    let patch = stack.change_recipe(&session, &first.id, &put.etag, json!({ "title": "찌개" })).await;

    assert_eq!(put.body["ingredient_groups"], first.body["ingredient_groups"]);
    assert_eq!(Written::of(&patch).body["ingredient_groups"], first.body["ingredient_groups"]);
}
