use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::{refused, titled};
use crate::shelf::Shelf;
use crate::written::Written;

const DAYS_366: i64 = 366 * 24 * 60 * 60;

/// A limit: a member that is at it, one that is over it, and what is said of that.
struct Limit {
    name: &'static str,
    at: Value,
    over: Value,
    pointer: &'static str,
    code: &'static str,
}

fn limit(name: &'static str, make: impl Fn(usize) -> Value, most: usize, pointer: &'static str) -> Limit {
    Limit { name, at: make(most), over: make(most + 1), pointer, code: "too_long" }
}

/// Korean, so that characters are counted and not bytes.
fn text(chars: usize) -> Value {
    "찌".repeat(chars).into()
}

fn words(count: usize) -> Value {
    vec!["찌개"; count].into()
}

fn ingredient(member: &'static str) -> impl Fn(usize) -> Value {
    move |chars| {
        let mut item = json!({ "raw": "물" });
        item[member] = text(chars);
        json!([{ "items": [item] }])
    }
}

fn step(member: &'static str) -> impl Fn(usize) -> Value {
    move |chars| {
        let mut item = json!({ "text": "끓인다" });
        item[member] = text(chars);
        json!([{ "items": [item] }])
    }
}

fn within(member: &'static str) -> impl Fn(usize) -> Value {
    move |chars| {
        let mut value = json!({ "raw": "2인분" });
        value[member] = text(chars);
        value
    }
}

/// An address of this many characters.
fn address(chars: usize) -> Value {
    let start = "https://example.com/";
    json!({ "url": format!("{start}{}", "x".repeat(chars - start.len())) })
}

fn object(bytes: usize) -> Value {
    json!({ "x": "y".repeat(bytes - "{\"x\":\"\"}".len()) })
}

fn text_limits() -> Vec<Limit> {
    vec![
        limit("title", text, 200, "/title"),
        limit("description", text, 4_000, "/description"),
        limit("yield", within("raw"), 1_000, "/yield/raw"),
        limit("yield", within("unit"), 200, "/yield/unit"),
        limit(
            "ingredient_groups",
            |chars| json!([{ "title": text(chars) }]),
            200,
            "/ingredient_groups/0/title",
        ),
        limit("ingredient_groups", ingredient("raw"), 1_000, "/ingredient_groups/0/items/0/raw"),
        limit(
            "ingredient_groups",
            |chars| json!([{ "items": [text(chars)] }]),
            1_000,
            "/ingredient_groups/0/items/0/raw",
        ),
        limit("ingredient_groups", ingredient("unit"), 100, "/ingredient_groups/0/items/0/unit"),
        limit("ingredient_groups", ingredient("item"), 1_000, "/ingredient_groups/0/items/0/item"),
        limit(
            "ingredient_groups",
            ingredient("preparation"),
            1_000,
            "/ingredient_groups/0/items/0/preparation",
        ),
        limit("ingredient_groups", ingredient("note"), 1_000, "/ingredient_groups/0/items/0/note"),
        limit("step_groups", |chars| json!([{ "title": text(chars) }]), 200, "/step_groups/0/title"),
        limit("step_groups", step("text"), 10_000, "/step_groups/0/items/0/text"),
        limit(
            "step_groups",
            |chars| json!([{ "items": [text(chars)] }]),
            10_000,
            "/step_groups/0/items/0/text",
        ),
        limit("step_groups", step("name"), 200, "/step_groups/0/items/0/name"),
        limit("source", |chars| json!({ "name": text(chars) }), 1_000, "/source/name"),
        limit("source", |chars| json!({ "author": text(chars) }), 1_000, "/source/author"),
        limit("source", address, 2_048, "/source/url"),
        limit("tags", |chars| json!([text(chars)]), 200, "/tags/0"),
        limit("cuisines", |chars| json!([text(chars)]), 200, "/cuisines/0"),
        limit("categories", |chars| json!([text(chars)]), 200, "/categories/0"),
        limit("diets", |chars| json!([text(chars)]), 200, "/diets/0"),
        limit("tools", |chars| json!([text(chars)]), 200, "/tools/0"),
    ]
}

fn count_limits() -> Vec<Limit> {
    let groups = |count: usize| vec![json!({ "items": [] }); count].into();
    let lines = |count: usize| json!([{ "items": words(count - 1) }, { "items": ["물"] }]);
    vec![
        limit("ingredient_groups", groups, 50, "/ingredient_groups"),
        limit("ingredient_groups", lines, 500, "/ingredient_groups"),
        limit("step_groups", |count| json!([{ "items": words(count) }]), 500, "/step_groups/0/items"),
        limit("tags", words, 100, "/tags"),
        limit("cuisines", words, 100, "/cuisines"),
        limit("categories", words, 100, "/categories"),
        limit("diets", words, 100, "/diets"),
        limit("tools", words, 100, "/tools"),
        Limit { code: "too_large", ..limit("extras", object, 16 * 1024, "/extras") },
        Limit { code: "too_large", ..limit("nutrition", object, 16 * 1024, "/nutrition") },
    ]
}

fn time_limits() -> Vec<Limit> {
    let range = |name, at, over, pointer| Limit { name, at, over, pointer, code: "out_of_range" };
    let of = |member: &str, seconds: i64| json!({ member: seconds });
    let step = |seconds: i64| json!([{ "items": [{ "text": "x", "duration": seconds }] }]);
    let pointers = [
        ("prep", "/times/prep"),
        ("cook", "/times/cook"),
        ("rest", "/times/rest"),
        ("total", "/times/total"),
    ];
    let times = pointers.into_iter().flat_map(|(member, pointer)| {
        [(DAYS_366, DAYS_366 + 1), (0, -1)]
            .map(|(at, over)| range("times", of(member, at), of(member, over), pointer))
    });
    let durations = [(DAYS_366, DAYS_366 + 1), (0, -1)]
        .map(|(at, over)| range("step_groups", step(at), step(over), "/step_groups/0/items/0/duration"));
    times.chain(durations).collect()
}

/// True when the answered value has all that was given; a plain line is the text of its item.
fn holds(answered: &Value, given: &Value) -> bool {
    match given {
        Value::Object(members) => members.iter().all(|(name, value)| holds(&answered[name], value)),
        Value::Array(list) => {
            let pairs = || list.iter().enumerate().map(|(index, value)| (&answered[index], value));
            answered.as_array().is_some_and(|is| is.len() == list.len())
                && pairs().all(|(is, given)| holds(is, given))
        }
        Value::String(_) if answered.is_object() => [&answered["raw"], &answered["text"]].contains(&given),
        _ => answered == given,
    }
}

/// At the limit it is kept as it was given, over it refused with its place, and nothing is kept.
#[both]
async fn every_limit_holds_at_its_edge(stack: TestStack) {
    let session = stack.logged_in().await;
    let shelf = Shelf::of(&stack);
    for Limit { name, at, over, pointer, code } in
        text_limits().into_iter().chain(count_limits()).chain(time_limits())
    {
        let kept = Written::by(&stack, &session, titled(name, at.clone())).await;
        let kept = kept.again(&stack, &session).await.body;
        assert!(holds(&kept[name], &at), "{pointer} is {}", kept[name]);
        let before = shelf.contents().await;

        let answer = stack.create_recipe(&session, titled(name, over)).await;

        assert_eq!(refused(&answer), [(pointer.to_owned(), code.to_owned())], "{pointer}");
        assert_eq!(shelf.contents().await, before, "{pointer}");
    }
}

#[both]
async fn a_step_names_five_hundred_ingredients_of_its_document_at_most(stack: TestStack) {
    let session = stack.logged_in().await;
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    let draft = |ids: Vec<&str>| {
        json!({
            "title": "국",
            "ingredient_groups": [{ "items": [{ "id": id, "raw": "물" }] }],
            "step_groups": [{ "items": [{ "text": "끓인다", "ingredient_ids": ids }] }],
        })
    };
    let place = "/step_groups/0/items/0/ingredient_ids";

    Written::by(&stack, &session, draft(vec![id; 500])).await;
    let answer = stack.create_recipe(&session, draft(vec![id; 501])).await;
    assert_eq!(refused(&answer), [(place.to_owned(), "too_long".to_owned())]);
    for unknown in ["0192f0c1-2d3e-7abc-8def-0123456789ac", "", "x"] {
        let answer = stack.create_recipe(&session, draft(vec![id, unknown])).await;
        assert_eq!(refused(&answer), [(format!("{place}/1"), "unknown_reference".to_owned())]);
    }
}

#[both]
async fn a_title_is_needed_and_says_something(stack: TestStack) {
    let session = stack.logged_in().await;
    for (draft, code) in [
        (json!({}), "missing_member"),
        (json!({ "title": null }), "missing_member"),
        (json!({ "title": "" }), "too_short"),
        (json!({ "title": " \t\u{3000}\u{a0}" }), "too_short"),
    ] {
        let answer = stack.create_recipe(&session, draft).await;
        assert_eq!(refused(&answer), [("/title".to_owned(), code.to_owned())]);
    }
}

#[both]
async fn all_that_is_wrong_is_told_at_once(stack: TestStack) {
    let session = stack.logged_in().await;
    let draft = json!({
        "title": "", "description": "x".repeat(4_001), "language": "not a language", "times": { "prep": -1, "cook": -2 },
        "tags": ["ok", " "], "source": { "url": "javascript:alert(1)" }, "yield": { "quantity": "x" },
        "ingredient_groups": [{ "items": [{ "quantity": { "min": "1/0" } }, { "raw": "x", "id": "1" }] }],
        "step_groups": [{ "items": [{}] }],
    });

    let mut pointers: Vec<String> = refused(&stack.create_recipe(&session, draft).await)
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();

    pointers.sort();
    assert_eq!(
        pointers,
        [
            "/description",
            "/ingredient_groups/0/items/0/quantity/min",
            "/ingredient_groups/0/items/0/raw",
            "/ingredient_groups/0/items/1/id",
            "/language",
            "/source/url",
            "/step_groups/0/items/0/text",
            "/tags/1",
            "/times/cook",
            "/times/prep",
            "/title",
            "/yield/quantity",
            "/yield/raw",
        ]
    );
}

#[both]
async fn an_answer_is_never_much_larger_than_its_question(stack: TestStack) {
    let session = stack.logged_in().await;
    let answer = stack.create_recipe(&session, titled("tools", vec![""; 100_000].into())).await;
    assert_eq!(refused(&answer).len(), 100);
    let answer = stack.create_recipe(&session, titled("tools", vec!["\0"; 100_000].into())).await;
    assert!(refused(&answer).len() <= 100);
}
