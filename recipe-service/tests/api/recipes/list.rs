use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{Answer, TestStack, both, everywhere};

use super::{of_visibility, titled, titles};
use crate::written::Written;

#[everywhere]
async fn a_list_shows_what_is_public_and_ones_own(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    for (who, visibility) in
        [(&author, "private"), (&author, "unlisted"), (&author, "public"), (&other, "private")]
    {
        let title =
            if who.user_id == author.user_id { visibility.to_owned() } else { format!("other {visibility}") };
        Written::by(&stack, who, of_visibility(&title, visibility)).await;
    }
    Written::by(&stack, &other, of_visibility("other public", "public")).await;

    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        let list = async |answer: Answer| titles(&answer);
        assert_eq!(list(client.list_recipes(Anonymous, "").await).await, ["other public", "public"]);
        assert_eq!(
            list(client.list_recipes(&author, "").await).await,
            ["other public", "public", "unlisted", "private"]
        );
        assert_eq!(
            list(client.list_recipes(&other, "").await).await,
            ["other public", "other private", "public"]
        );
    }
}

#[both]
async fn a_list_says_the_main_things_of_a_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let given =
        json!({ "title": "국", "tags": ["Soup "], "times": { "total": 60 }, "description": "not in lists" });
    let recipe = Written::by(&stack, &session, given).await;
    let recipe = crate::people::named(&stack, &session, &recipe).await.body;

    let page = stack.list_recipes(&session, "").await.json();

    let names = [
        "id",
        "title",
        "owner",
        "visibility",
        "tags",
        "cover",
        "times",
        "version",
        "created_at",
        "updated_at",
    ];
    let said = names.map(|name| (name.to_owned(), recipe[name].clone())).into_iter().collect();
    assert_eq!(page, json!({ "items": [Value::Object(said)], "next_cursor": null }));
}

#[both]
async fn a_list_for_everyone_may_be_cached_and_ones_own_may_not(stack: TestStack) {
    let session = stack.logged_in().await;

    let anonymous = stack.list_recipes(Anonymous, "").await;
    let own = stack.list_recipes(&session, "").await;

    assert_eq!(anonymous.header("cache-control"), "public, max-age=60");
    assert_eq!(own.header("cache-control"), "private, no-cache");
    for answer in [anonymous, own] {
        assert_eq!(answer.header("vary"), "Accept, Authorization, Cookie");
        assert_eq!(answer.json(), json!({ "items": [], "next_cursor": null }));
        assert_eq!(answer.header("link"), "");
    }
}

/// Some recipes of one person, written one after the other.
async fn kept(stack: &TestStack, session: &Session) {
    for recipe in [
        json!({ "title": "b", "tags": ["찌개", "Spicy"], "language": "ko", "visibility": "public" }),
        json!({ "title": "C", "tags": ["찌개"], "language": "ko-KR" }),
        json!({ "title": "a", "tags": ["spicy "], "language": "kok", "visibility": "unlisted" }),
        json!({ "title": "가지", "language": "EN-us" }),
    ] {
        Written::by(stack, session, recipe).await;
    }
}

#[both]
async fn filters_narrow_a_list_and_go_together(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    kept(&stack, &session).await;
    Written::by(&stack, &other, of_visibility("z", "public")).await;
    let list = async |query: String| {
        let mut titles = titles(&stack.list_recipes(&session, &query).await);
        titles.sort();
        titles.join(" ")
    };

    assert_eq!(list(String::new()).await, "C a b z 가지");
    assert_eq!(list(format!("?owner={}", session.user_id)).await, "C a b 가지");
    assert_eq!(list(format!("?owner={}", other.user_id)).await, "z");
    assert_eq!(list("?owner=nobody%27--".into()).await, "");
    assert_eq!(list("?visibility=private".into()).await, "C 가지");
    assert_eq!(list("?visibility=unlisted".into()).await, "a");
    assert_eq!(list("?visibility=public".into()).await, "b z");
    assert_eq!(list("?tag=찌개".into()).await, "C b");
    assert_eq!(list("?tag=SPICY".into()).await, "a b");
    assert_eq!(list("?tag=spicy&tag=찌개".into()).await, "b");
    assert_eq!(list("?tag=찌".into()).await, "");
    assert_eq!(list("?tag=%25".into()).await, "");
    assert_eq!(list("?language=ko".into()).await, "C b");
    assert_eq!(list("?language=ko-kr".into()).await, "C");
    assert_eq!(list("?language=en".into()).await, "가지");
    assert_eq!(list("?tag=찌개&visibility=public&language=ko".into()).await, "b");
}

#[both]
async fn the_private_recipes_of_others_are_not_found_by_any_filter(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let private = json!({ "title": "국", "tags": ["비밀"], "language": "ko" });
    Written::by(&stack, &session, private).await;

    let owner = format!("?owner={}", session.user_id);
    for query in
        ["?tag=비밀", "?language=ko", "?visibility=private", "?visibility=unlisted", "?sort=title", &owner]
    {
        assert!(titles(&stack.list_recipes(&other, query).await).is_empty(), "{query}");
        assert!(titles(&stack.list_recipes(Anonymous, query).await).is_empty(), "{query}");
    }
}

#[both]
async fn a_list_since_a_time_shows_what_changed_from_then_on(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = Written::by(&stack, &session, titled("first")).await;
    let second = Written::by(&stack, &session, titled("second")).await;
    let list = async |since: &str| {
        titles(&stack.list_recipes(&session, &format!("?updated_since={}", since.replace('+', "%2B"))).await)
    };

    assert_eq!(list(second.body["updated_at"].as_str().unwrap()).await, ["second"]);
    assert_eq!(list(first.body["updated_at"].as_str().unwrap()).await, ["second", "first"]);
    let changed = stack.replace_recipe(&session, &first.id, &first.etag, titled("first again")).await;
    let changed = Written::of(&changed);
    assert_eq!(list(changed.body["updated_at"].as_str().unwrap()).await, ["first again"]);
    assert_eq!(list("2026-01-01T00:00:00+09:00").await.len(), 2);
    assert!(list("9999-12-30T22:00:00Z").await.is_empty());
    // Before anything that either database can keep.
    assert_eq!(list("-009999-01-02T01:59:59Z").await.len(), 2);
    assert_eq!(list("-004800-01-01T00:00:00Z").await.len(), 2);
}

#[both]
async fn a_list_is_sorted_alike_on_both_databases(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut names = ["b", "A", "a b", "a-b", "Ä", "z", "가지", "각", "🍲", "0", "_", "é", "e\u{301}", "ab"]
        .map(str::to_owned);
    for name in &names {
        Written::by(&stack, &session, titled(name)).await;
    }
    let list =
        async |sort: &str| titles(&stack.list_recipes(&session, &format!("?sort={sort}&limit=100")).await);

    let written = names.clone();
    assert_eq!(list("created").await, written);
    assert_eq!(list("-updated").await, written.iter().rev().cloned().collect::<Vec<_>>());
    names.sort_by_key(|name| name.to_lowercase());
    assert_eq!(list("title").await, names);
    names.reverse();
    assert_eq!(list("-title").await, names);
}

#[both]
async fn the_latest_change_is_the_first_of_a_list(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = Written::by(&stack, &session, titled("first")).await;
    Written::by(&stack, &session, titled("second")).await;

    let change = json!({ "description": "맛있다" });
    stack.change_recipe(&session, &first.id, &first.etag, change).await.assert_status(200);

    assert_eq!(titles(&stack.list_recipes(&session, "").await), ["first", "second"]);
    assert_eq!(titles(&stack.list_recipes(&session, "?sort=-created").await), ["second", "first"]);
}

#[both]
async fn a_list_shows_a_recipe_as_it_was_last_written(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = json!({ "title": "국", "tags": ["old", "both"], "language": "ko", "visibility": "public" });
    let recipe = Written::by(&stack, &session, given).await;

    let new = json!({ "title": "찌개", "tags": ["Both", "new"], "times": { "prep": 1 } });
    stack.replace_recipe(&session, &recipe.id, &recipe.etag, new).await.assert_status(200);

    assert!(titles(&stack.list_recipes(&session, "?tag=old").await).is_empty());
    assert!(titles(&stack.list_recipes(&session, "?language=ko").await).is_empty());
    assert!(titles(&stack.list_recipes(Anonymous, "").await).is_empty());
    let page = stack.list_recipes(&session, "?tag=new&tag=both").await.json();
    assert_eq!(page["items"][0]["title"], "찌개");
    assert_eq!(page["items"][0]["tags"], json!(["Both", "new"]));
    assert_eq!(page["items"][0]["times"]["prep"], 1);
    assert_eq!(page["items"][0]["version"], 2);
}
