use std::time::Duration;

use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{Answer, TestStack, both, eventually, everywhere};

use super::{of_visibility, titled, titles};
use crate::shelf::Shelf;
use crate::written::Written;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn trashed(stack: &TestStack, session: &Session, recipe: Value) -> Written {
    let recipe = Written::by(stack, session, recipe).await;
    stack.delete_recipe(session, &recipe.id, &recipe.etag).await.assert_status(204);
    recipe
}

#[track_caller]
fn thrown_away(page: &Answer) -> Vec<String> {
    let body = page.assert_status(200).json();
    crate::openapi::assert_is("Page_Trashed", &body);
    let items = body["items"].as_array().expect("no items").clone();
    items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[everywhere]
async fn what_was_thrown_away_can_be_seen_and_taken_back(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = trashed(&stack, &session, json!({ "title": "국", "tags": ["맑은"] })).await;
    trashed(&stack, &session, titled("찌개")).await;
    let last = stack.recipes(stack.copies() - 1);
    assert_eq!(thrown_away(&last.trash(&session, "").await), ["찌개", "국"]);
    assert_eq!(last.trash(&session, "").await.header("cache-control"), "private, no-cache");

    let back = Written::of(stack.undelete_recipe(&session, &first.id).await.assert_status(200));

    assert_eq!((&back.body["title"], &back.body["version"]), (&json!("국"), &json!(1)));
    assert_eq!(thrown_away(&last.trash(&session, "").await), ["찌개"]);
    assert_eq!(titles(&last.list_recipes(&session, "?tag=맑은&q=국").await), ["국"]);
    // Who asks what has changed since finds it again.
    let since = first.body["updated_at"].as_str().unwrap().replace('+', "%2B");
    assert_eq!(titles(&last.list_recipes(&session, &format!("?updated_since={since}")).await), ["국"]);
    assert_ne!(back.body["updated_at"], first.body["updated_at"]);
    // Again is harmless, and the next change starts from what was answered.
    stack.undelete_recipe(&session, &first.id).await.assert_status(200);
    stack.replace_recipe(&session, &first.id, &back.etag, titled("국")).await.assert_status(200);
}

#[both]
async fn the_trash_comes_in_pages(stack: TestStack) {
    let session = stack.logged_in().await;
    for number in 0..5 {
        trashed(&stack, &session, titled(&number.to_string())).await;
    }

    let mut shown = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = stack.trash(&session, &query).await;
        shown.extend(thrown_away(&page));
        let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { break };
        query = format!("?limit=2&cursor={cursor}");
    }

    assert_eq!(shown, ["4", "3", "2", "1", "0"]);
    let other = stack.logged_in().await;
    stack.trash(&other, &query).await.assert_problem(400, "invalid_cursor");
}

/// T183
#[both]
async fn the_trash_is_its_owners(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = trashed(&stack, &session, of_visibility("국", "public")).await;
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    assert!(thrown_away(&stack.trash(&other, "").await).is_empty());
    stack.undelete_recipe(&other, &recipe.id).await.assert_problem(404, "not_found");
    stack.erase_recipe(&other, &recipe.id).await.assert_problem(404, "not_found");
    stack.trash(Anonymous, "").await.assert_problem(401, "missing_token");

    assert_eq!(shelf.contents().await, before);
    assert_eq!(thrown_away(&stack.trash(&session, "").await), ["국"]);
}

#[both]
async fn what_is_not_in_the_trash_is_not_erased(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    stack.erase_recipe(&session, &recipe.id).await.assert_problem(404, "not_found");

    recipe.again(&stack, &session).await;
}

#[both]
async fn what_is_erased_is_gone_with_all_its_versions(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = trashed(&stack, &session, json!({ "title": "국", "tags": ["a"] })).await;

    stack.erase_recipe(&session, &recipe.id).await.assert_status(204);

    stack.erase_recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
    stack.undelete_recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.revisions, contents.tags), (0, 0, 0));
}

#[both]
async fn after_thirty_days_the_trash_is_emptied(stack: TestStack) {
    let session = stack.logged_in().await;
    let old = trashed(&stack, &session, titled("국")).await;
    let kept = Written::by(&stack, &session, titled("찌개")).await;
    stack.clock.advance(29 * DAY).await;
    let session = stack.logged_in_again(&session.person()).await;
    assert_eq!(thrown_away(&stack.trash(&session, "").await), ["국"]);
    stack.delete_recipe(&session, &kept.id, &kept.etag).await.assert_status(204);

    stack.clock.advance(DAY).await;
    let session = stack.logged_in_again(&session.person()).await;

    assert_eq!(thrown_away(&stack.trash(&session, "").await), ["찌개"]);
    stack.undelete_recipe(&session, &old.id).await.assert_problem(404, "not_found");
    let shelf = Shelf::of(&stack);
    eventually("it is erased", async || (shelf.contents().await.recipes == 1).then_some(())).await;
}
