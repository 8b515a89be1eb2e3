use common::db::statement;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{TestStack, both, everywhere};

use super::{titled, titles};
use crate::shelf;
use crate::written::Written;

/// A text as it stands in a query.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The titles that are found, sorted.
async fn found(stack: &TestStack, session: &Session, question: &str) -> Vec<String> {
    let query = format!("?limit=100&q={}", encoded(question));
    let mut titles = titles(&stack.list_recipes(session, &query).await);
    titles.sort();
    titles
}

async fn keep(stack: &TestStack, session: &Session, recipes: Value) {
    for recipe in recipes.as_array().expect("a list of recipes") {
        Written::by(stack, session, recipe.clone()).await;
    }
}

#[both]
async fn korean_words_are_found_within_words(stack: TestStack) {
    let session = stack.logged_in().await;
    keep(&stack, &session, json!([titled("김치찌개"), titled("된장찌개"), titled("김치전"), titled("개찌")]))
        .await;
    let found = async |question| found(&stack, &session, question).await;

    assert_eq!(found("찌개").await, ["김치찌개", "된장찌개"]);
    assert_eq!(found("김치").await, ["김치전", "김치찌개"]);
    assert_eq!(found("치찌").await, ["김치찌개"]);
    assert_eq!(found("김치찌개").await, ["김치찌개"]);
    assert_eq!(found("김치 찌개").await, ["김치찌개"]);
    assert_eq!(found("찌개 김치").await, ["김치찌개"]);
    // One syllable is what words begin with.
    assert_eq!(found("김").await, ["김치전", "김치찌개"]);
    // The pairs of a word stand side by side in it.
    assert!(found("김치개").await.is_empty());
    assert!(found("치된").await.is_empty());
}

#[both]
async fn every_part_of_a_recipe_is_searched(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = json!({
        "title": "Alpha", "description": "Bravo", "tags": ["Charlie"],
        "ingredient_groups": [{ "title": "Delta", "items": ["2 cups echo"] }],
        "step_groups": [{ "items": ["Foxtrot it"] }], "extras": { "golf": "hotel" },
    });
    keep(&stack, &session, json!([recipe, titled("other")])).await;

    for word in ["alpha", "BRAVO", "charlie", "delta", "Echo", "foxtrot", "alpha foxtrot"] {
        assert_eq!(found(&stack, &session, word).await, ["Alpha"], "{word}");
    }
    for word in ["golf", "hotel", "alph", "alpha other"] {
        assert!(found(&stack, &session, word).await.is_empty(), "{word}");
    }
}

#[both]
async fn words_go_together_and_quotes_hold_them_in_their_order(stack: TestStack) {
    let session = stack.logged_in().await;
    keep(
        &stack,
        &session,
        json!([titled("green onion soup"), titled("onion soup, green"), titled("Crème brûlée")]),
    )
    .await;
    let found = async |question| found(&stack, &session, question).await;

    assert_eq!(found("soup green").await, ["green onion soup", "onion soup, green"]);
    assert_eq!(found("\"green onion\"").await, ["green onion soup"]);
    assert_eq!(found("\"onion soup\" green").await, ["green onion soup", "onion soup, green"]);
    assert_eq!(found("creme BRULEE").await, ["Crème brûlée"]);
}

/// A phrase is found in one line, not over the edge of two.
#[both]
async fn lines_do_not_run_into_each_other(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe =
        json!({ "title": "국 김", "ingredient_groups": [{ "items": ["green", "onion"] }], "tags": ["치즈"] });
    keep(&stack, &session, json!([recipe])).await;

    assert!(found(&stack, &session, "\"green onion\"").await.is_empty());
    assert_eq!(found(&stack, &session, "green onion").await, ["국 김"]);
}

/// T188, T189: what means something to a database means nothing here.
#[both]
async fn no_question_is_too_odd(stack: TestStack) {
    let session = stack.logged_in().await;
    keep(&stack, &session, json!([titled("100% rye"), titled("plain")])).await;

    for question in [
        "%",
        "_",
        "\\",
        "*",
        "\"",
        "'",
        "''",
        ":",
        "&",
        "|",
        "!",
        "(",
        ")",
        "^",
        "~",
        "{}",
        "\u{e000}",
        "NEAR",
        "AND",
        "OR NOT",
        "plain*",
        "title:plain",
        "-plain",
        "plain OR rye",
        "pl%",
        "'plain':*",
        "plain' & '",
        "\"\"\"",
        "\u{202e}",
    ] {
        let answer = stack.list_recipes(&session, &format!("?q={}", encoded(question))).await;
        let says_plain = ["plain*", "-plain", "'plain':*", "plain' & '"].contains(&question);
        let expected = if says_plain { vec!["plain"] } else { vec![] };
        assert_eq!(titles(&answer), expected, "{question}");
    }
    assert_eq!(found(&stack, &session, "100%").await, ["100% rye"]);
    for garbage in
        ["%_".repeat(1_000), "a ".repeat(1_000), "\"a\" ".repeat(500), "가".repeat(500), "\"(".repeat(1_000)]
    {
        assert!(found(&stack, &session, &garbage).await.is_empty());
    }
}

#[both]
async fn a_blank_question_asks_for_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    keep(&stack, &session, json!([titled("국")])).await;

    assert_eq!(found(&stack, &session, " ").await, ["국"]);
    assert_eq!(titles(&stack.list_recipes(&session, "?q=").await), ["국"]);
}

#[both]
async fn ingredients_tags_and_times_narrow_a_list(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = |title: &str, item: &str, tag: &str, total: Value| {
        json!({ "title": title, "tags": [tag], "times": { "total": total },
            "ingredient_groups": [{ "items": [item] }] })
    };
    keep(
        &stack,
        &session,
        json!([
            recipe("a", "두부 1모", "찌개", json!(600)),
            recipe("b", "순두부 1봉", "찌개", json!(1_200)),
            recipe("두부", "green onion", "전", Value::Null),
        ]),
    )
    .await;
    let list = async |query: String| {
        let mut titles = titles(&stack.list_recipes(&session, &query).await);
        titles.sort();
        titles.join(" ")
    };

    assert_eq!(list(format!("?ingredient={}", encoded("두부"))).await, "a b");
    assert_eq!(list(format!("?ingredient={}", encoded("순두부"))).await, "b");
    assert_eq!(list("?ingredient=green%20onion".into()).await, "두부");
    assert_eq!(list("?ingredient=onion%20green".into()).await, "");
    assert_eq!(list(format!("?not_ingredient={}", encoded("두부"))).await, "두부");
    assert_eq!(list(format!("?q={}&not_ingredient={}", encoded("두부"), encoded("순두부"))).await, "a 두부");
    assert_eq!(list(format!("?not_tag={}", encoded("찌개"))).await, "두부");
    assert_eq!(list("?max_total_time=600".into()).await, "a");
    assert_eq!(list(format!("?max_total_time=9000&tag={}", encoded("찌개"))).await, "a b");
}

#[both]
async fn what_has_the_words_in_its_title_comes_first(stack: TestStack) {
    let session = stack.logged_in().await;
    let inside = |title: &str| json!({ "title": title, "description": "kimchi pancake" });
    keep(
        &stack,
        &session,
        json!([inside("kimchi pancake"), inside("kimchi"), inside("pan"), inside("other")]),
    )
    .await;
    let mut listed = Vec::new();
    let mut query = "?q=kimchi%20pancake&limit=1".to_owned();

    loop {
        let page = stack.list_recipes(&session, &query).await;
        listed.extend(titles(&page));
        let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { break };
        query = format!("?q=kimchi%20pancake&limit=1&cursor={cursor}");
    }

    assert_eq!(listed, ["kimchi pancake", "other", "pan", "kimchi"]);
    let oldest = titles(&stack.list_recipes(&session, "?q=kimchi&sort=created").await);
    assert_eq!(oldest, ["kimchi pancake", "kimchi", "pan", "other"]);
}

/// T183: nobody finds what they may not see.
#[everywhere]
async fn only_what_one_may_see_is_found(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    for visibility in ["private", "unlisted", "public"] {
        let recipe = json!({ "title": visibility, "description": "비밀", "visibility": visibility });
        Written::by(&stack, &author, recipe).await;
    }
    let query = format!("?q={}&sort=created", encoded("비밀"));

    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        assert_eq!(titles(&client.list_recipes(&author, &query).await), ["private", "unlisted", "public"]);
        assert_eq!(titles(&client.list_recipes(&other, &query).await), ["public"]);
        assert_eq!(titles(&client.list_recipes(Anonymous, &query).await), ["public"]);
    }
}

#[both]
async fn a_recipe_is_found_as_it_was_last_written(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("호박죽")).await;

    stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("팥죽")).await.assert_status(200);
    assert!(found(&stack, &session, "호박").await.is_empty());
    assert_eq!(found(&stack, &session, "팥죽").await, ["팥죽"]);
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    assert_eq!(found(&stack, &session, "팥죽").await, ["팥죽"]);
    stack.delete_recipe(&session, &recipe.id, "*").await.assert_status(204);
    assert!(found(&stack, &session, "팥죽").await.is_empty());
}

statement! {
    struct Behind {} -> BigInt
    "SELECT count(*) FROM recipes r LEFT JOIN recipe_search s ON s.recipe_id = r.id \
     WHERE s.recipe_id IS NULL OR s.version <> r.version"
}

/// Whatever writes a recipe keeps the index with it: nothing is left to be indexed later.
#[both]
async fn the_index_keeps_pace(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let put = Written::of(&stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("탕")).await);
    stack.change_recipe(&session, &put.id, &put.etag, titled("찜")).await.assert_status(200);
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    stack.unpublish_recipe(&session, &recipe.id).await.assert_status(204);

    let db = shelf::open(stack.recipes_database_url());
    let behind: i64 = db.read(|conn| Behind {}.one(conn)).await.expect("the database does not answer");
    assert_eq!(behind, 0);
}
