use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled};
use crate::shelf::Shelf;
use crate::written::Written;

#[everywhere]
async fn a_replaced_recipe_is_what_was_put_and_nothing_else(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = json!({ "title": "국", "description": "old", "tags": ["old"], "visibility": "public", "extras": { "k": 1 } });
    let before = Written::by(&stack, &session, given).await;

    let answer = stack.replace_recipe(&session, &before.id, &before.etag, titled("찌개")).await;

    answer.assert_status(200);
    let after = Written::of(&answer);
    assert_eq!(after.id, before.id);
    assert_ne!(after.etag, before.etag);
    assert_eq!((&after.body["title"], &after.body["version"]), (&json!("찌개"), &json!(2)));
    assert_eq!((&after.body["description"], &after.body["extras"]), (&Value::Null, &Value::Null));
    assert_eq!((&after.body["tags"], &after.body["visibility"]), (&json!([]), &json!("private")));
    assert_eq!(after.body["created_at"], before.body["created_at"]);
    assert!(after.body["updated_at"].as_str() > before.body["updated_at"].as_str());
    assert_eq!(after.body["slug"], "찌개");
    for copy in 0..stack.copies() {
        let read = stack.recipes(copy).recipe(&session, &before.id).await;
        assert_eq!(Written::of(&read).body["title"], "찌개");
    }
}

#[both]
async fn what_was_read_can_be_put_back(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = json!({ "title": "국", "ingredient_groups": [{ "items": ["물 1컵", "소금"] }], "step_groups": [{ "items": ["끓인다"] }] });
    let read = Written::by(&stack, &session, given).await;

    let put = stack.replace_recipe(&session, &read.id, &read.etag, read.body.clone()).await;

    let mut put = Written::of(&put.assert_status(200).clone()).body;
    assert_eq!(put["version"], 2);
    for name in ["version", "updated_at", "owner"] {
        put[name] = read.body[name].clone();
    }
    assert_eq!(put, read.body);
}

#[both]
async fn a_visible_recipe_of_somebody_else_cannot_be_changed(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    for visibility in ["public", "unlisted"] {
        let recipe = Written::by(&stack, &author, of_visibility("국", visibility)).await;
        for etag in [recipe.etag.as_str(), "*", "\"stale\""] {
            let put = stack.replace_recipe(&other, &recipe.id, etag, titled("mine")).await;
            put.assert_problem(403, "forbidden");
            let patch = stack.change_recipe(&other, &recipe.id, etag, titled("mine")).await;
            patch.assert_problem(403, "forbidden");
            stack.delete_recipe(&other, &recipe.id, etag).await.assert_problem(403, "forbidden");
        }
        stack.publish_recipe(&other, &recipe.id).await.assert_problem(403, "forbidden");
        stack.unpublish_recipe(&other, &recipe.id).await.assert_problem(403, "forbidden");
        let after = recipe.again(&stack, &author).await.body;
        assert_eq!((&after["title"], &after["version"]), (&json!("국"), &json!(1)));
        stack.recipe(Anonymous, &recipe.id).await.assert_status(200);
    }
}

#[both]
async fn every_version_is_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let shelf = Shelf::of(&stack);
    let mut recipe = Written::by(&stack, &session, json!({ "title": "0", "tags": ["a", "A ", "b"] })).await;
    for number in 1..4 {
        let put = stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled(&number.to_string())).await;
        recipe = Written::of(&put);
    }

    let contents = shelf.contents().await;

    assert_eq!((contents.recipes, contents.versions, contents.revisions, contents.tags), (1, 4, 4, 0));
}
