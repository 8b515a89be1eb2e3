use serde_json::{Value, json};
use testkit::client::{Anonymous, Bearer};
use testkit::{Answer, TestStack, both};

use super::titled;
use crate::written::Written;

async fn suggested<'a>(stack: &TestStack, reader: impl Into<Bearer<'a>>, question: &str) -> Answer {
    let question: String = question.bytes().map(|byte| format!("%{byte:02X}")).collect();
    stack.recipes.get(&format!("/v1/suggest?q={question}")).bearer(reader).send().await
}

#[track_caller]
fn titles(answer: &Answer) -> Vec<String> {
    let body = answer.assert_status(200).json();
    crate::openapi::assert_is("Suggestions", &body);
    let titles = body["titles"].as_array().unwrap().iter();
    titles.map(|found| found["title"].as_str().unwrap().to_owned()).collect()
}

#[both]
async fn what_is_being_written_is_gone_on_with(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for (title, visibility) in
        [("김치찌개", "public"), ("Tomato soup", "public"), ("Tomatensuppe", "private")]
    {
        let recipe = json!({
            "title": title, "visibility": visibility, "tags": ["Tofu", format!("only {title}")],
            "ingredient_groups": [{ "items": ["두부 1모", "2 cups tomato sauce"] }],
        });
        Written::by(&stack, &session, recipe).await;
    }

    assert_eq!(titles(&suggested(&stack, &session, "tom").await), ["Tomatensuppe", "Tomato soup"]);
    assert_eq!(titles(&suggested(&stack, Anonymous, "Tom").await), ["Tomato soup"]);
    assert_eq!(titles(&suggested(&stack, &other, "soup tom").await), ["Tomato soup"]);
    assert_eq!(titles(&suggested(&stack, &other, "찌개").await), ["김치찌개"]);
    assert_eq!(titles(&suggested(&stack, &other, "김").await), ["김치찌개"]);
    assert!(titles(&suggested(&stack, &other, "omato").await).is_empty());
    let words = async |answer: Answer| (answer.json()["tags"].clone(), answer.json()["ingredients"].clone());
    let (tags, ingredients) = words(suggested(&stack, &session, "TO").await).await;
    assert_eq!((tags, ingredients), (json!(["tofu"]), json!(["tomato sauce"])));
    let (_, ingredients) = words(suggested(&stack, &other, "두").await).await;
    assert_eq!(ingredients, json!(["두부"]));
    // T183: what only a private recipe has is not suggested to others.
    let (tags, _) = words(suggested(&stack, &other, "only tomat").await).await;
    assert_eq!(tags, json!(["only tomato soup"]));
    let (tags, _) = words(suggested(&stack, &session, "only tomat").await).await;
    assert_eq!(tags, json!(["only tomatensuppe", "only tomato soup"]));
}

#[both]
async fn suggestions_may_be_cached_as_lists_may(stack: TestStack) {
    let session = stack.logged_in().await;
    assert_eq!(suggested(&stack, Anonymous, "x").await.header("cache-control"), "public, max-age=60");
    assert_eq!(suggested(&stack, &session, "x").await.header("cache-control"), "private, no-cache");
    for query in ["", "?q=", "?q=%20", &format!("?q={}", "x".repeat(101)), "?q=a&q=b", "?q=%00"] {
        let answer = stack.recipes.get(&format!("/v1/suggest{query}")).send().await;
        answer.assert_problem(400, "invalid_parameter");
    }
}

/// T189
#[both]
async fn no_beginning_is_too_odd(stack: TestStack) {
    let session = stack.logged_in().await;
    Written::by(&stack, &session, titled("plain")).await;
    for question in ["%", "_", "\\", "'", "\"", "*", "\u{10ffff}", "a%", "(", "pl*", "%_%_%_", "🍲"] {
        let answer = suggested(&stack, &session, question).await;
        assert!(titles(&answer).len() <= 1, "{question}");
        assert_eq!(answer.json()["tags"], json!([]), "{question}");
    }
}

/// The snippets of the first recipe that is found.
async fn highlighted(stack: &TestStack, session: &testkit::Session, question: &str) -> Value {
    let question: String = question.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = stack.list_recipes(session, &format!("?highlight=true&q={question}")).await;
    super::items(&page)[0]["highlights"].clone()
}

#[both]
async fn found_words_are_marked(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = json!({
        "title": "김치찌개 <b>", "description": "얼큰한 찌개",
        "ingredient_groups": [{ "items": ["신김치 300g", "Crème fraîche & more"] }],
        "step_groups": [{ "items": ["김치를 볶는다"] }],
    });
    Written::by(&stack, &session, recipe).await;

    let marks = highlighted(&stack, &session, "찌개").await;
    assert_eq!(
        marks,
        json!([
            { "field": "title", "snippet": "김치<mark>찌개</mark> &lt;b&gt;" },
            { "field": "description", "snippet": "얼큰한 <mark>찌개</mark>" },
        ])
    );
    let marks = highlighted(&stack, &session, "creme").await;
    assert_eq!(
        marks,
        json!([{ "field": "ingredients", "snippet": "<mark>Crème</mark> fraîche &amp; more" }])
    );
    let marks = highlighted(&stack, &session, "김").await;
    assert_eq!(marks[0]["snippet"], "<mark>김</mark>치찌개 &lt;b&gt;");
    assert_eq!(marks.as_array().unwrap().len(), 3);
    // Without being asked, nothing is.
    let page = stack.list_recipes(&session, "?q=찌개").await;
    assert_eq!(super::items(&page)[0].get("highlights"), None);
    let all = stack.list_recipes(&session, "?highlight=true").await;
    assert_eq!(super::items(&all)[0]["highlights"], json!([]));
}
