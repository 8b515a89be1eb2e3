use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::{Answer, TestStack, both, everywhere};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

/// A recipe in three versions: 국, 찌개, 국수.
async fn in_three_versions(stack: &TestStack, session: &testkit::Session, visibility: &str) -> Written {
    let mut recipe =
        Written::by(stack, session, json!({ "title": "국", "tags": ["맑은"], "visibility": visibility }))
            .await;
    for title in ["찌개", "국수"] {
        let body = json!({ "title": title, "visibility": visibility });
        recipe = Written::of(&stack.replace_recipe(session, &recipe.id, &recipe.etag, body).await);
    }
    recipe
}

#[track_caller]
fn listed(page: &Answer) -> Vec<(i64, String)> {
    let body = page.assert_status(200).json();
    crate::openapi::assert_is("Page_RevisionSummary", &body);
    let items = body["items"].as_array().expect("no items").clone();
    let pair = |item: &Value| (item["version"].as_i64().unwrap(), item["title"].as_str().unwrap().to_owned());
    items.iter().map(pair).collect()
}

#[everywhere]
async fn every_version_can_be_read_again(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = in_three_versions(&stack, &session, "private").await;

    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        let all = listed(&client.revisions(&session, &recipe.id, "").await);
        assert_eq!(all, [(3, "국수".into()), (2, "찌개".into()), (1, "국".into())]);
        let answer = client.revision(&session, &recipe.id, 1).await;
        let first = answer.assert_status(200).json();
        crate::openapi::assert_is("Revision", &first);
        assert_eq!(
            (&first["title"], &first["tags"], &first["version"]),
            (&json!("국"), &json!(["맑은"]), &json!(1))
        );
        assert_eq!(first["saved_by"]["id"], session.user_id);
        assert_eq!(first["saved_at"], recipe.body["created_at"]);
        assert_eq!(answer.header("cache-control"), "private, no-cache");
    }
    for version in [0, 4, -1] {
        stack.revision(&session, &recipe.id, version).await.assert_problem(404, "not_found");
    }
    for version in ["01", "+1", "1.0", "x", "9223372036854775808"] {
        let path = format!("{}/revisions/{version}", recipe.path());
        stack.recipes.get(&path).bearer(&session).send().await.assert_problem(404, "not_found");
    }
}

#[both]
async fn versions_come_in_pages(stack: TestStack) {
    let session = stack.logged_in().await;
    let (recipe, other) = (
        in_three_versions(&stack, &session, "private").await,
        in_three_versions(&stack, &session, "private").await,
    );

    let first = stack.revisions(&session, &recipe.id, "?limit=2").await;
    let cursor = first.json()["next_cursor"].as_str().expect("there is no next page").to_owned();
    let second = stack.revisions(&session, &recipe.id, &format!("?limit=2&cursor={cursor}")).await;

    assert_eq!(listed(&first).iter().map(|(version, _)| *version).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(listed(&second), [(1, "국".into())]);
    assert_eq!(second.json()["next_cursor"], Value::Null);
    // A cursor is good for one recipe.
    let elsewhere = stack.revisions(&session, &other.id, &format!("?cursor={cursor}")).await;
    elsewhere.assert_problem(400, "invalid_cursor");
}

#[everywhere]
async fn restoring_a_version_makes_a_new_one(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = in_three_versions(&stack, &session, "private").await;

    let restored = Written::of(stack.restore_revision(&session, &recipe.id, 1).await.assert_status(200));

    assert_eq!((&restored.body["title"], &restored.body["version"]), (&json!("국"), &json!(4)));
    let all = listed(&stack.revisions(&session, &recipe.id, "").await);
    assert_eq!(all.iter().map(|(version, _)| *version).collect::<Vec<_>>(), [4, 3, 2, 1]);
    let first = stack.revision(&session, &recipe.id, 1).await.json();
    let fourth = stack.revision(&session, &recipe.id, 4).await.json();
    for member in ["title", "tags", "ingredient_groups", "step_groups", "extras"] {
        assert_eq!(first[member], fourth[member], "{member}");
    }
    // It is found by the words and tags that it has again, and by no others.
    assert_eq!(super::titles(&stack.list_recipes(&session, "?tag=맑은").await), ["국"]);
    assert!(super::titles(&stack.list_recipes(&session, "?q=국수").await).is_empty());
}

/// Looking back publishes nothing.
#[both]
async fn restoring_a_version_leaves_its_visibility(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = in_three_versions(&stack, &session, "public").await;
    stack.unpublish_recipe(&session, &recipe.id).await.assert_status(204);

    let restored = Written::of(&stack.restore_revision(&session, &recipe.id, 1).await);

    assert_eq!((&restored.body["title"], &restored.body["visibility"]), (&json!("국"), &json!("private")));
    stack.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
}

#[both]
async fn a_restore_may_say_which_version_it_knows(stack: TestStack) {
    let session = stack.logged_in().await;
    let known = Written::by(&stack, &session, titled("국")).await;
    let newer = stack.replace_recipe(&session, &known.id, &known.etag, titled("찌개")).await;
    let newer = Written::of(&newer);
    let restore = async |etag: &str| {
        let path = format!("{}/revisions/1/restore", known.path());
        stack.recipes.post(&path).bearer(&session).header("if-match", etag).send().await
    };

    let problem = restore(&known.etag).await.assert_problem(412, "stale_version");

    assert_eq!(problem["errors"][0]["pointer"], "/title");
    assert_eq!(known.again(&stack, &session).await.body["version"], 2);
    restore(&newer.etag).await.assert_status(200);
}

/// T183: a version is as private as its recipe, and only its owner looks at the past of a public one.
#[both]
async fn the_versions_of_a_recipe_are_its_owners(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let private = in_three_versions(&stack, &session, "private").await;
    let public = in_three_versions(&stack, &session, "public").await;
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    for (recipe, status, code) in [(&private, 404, "not_found"), (&public, 403, "forbidden")] {
        stack.revisions(&other, &recipe.id, "").await.assert_problem(status, code);
        stack.revision(&other, &recipe.id, 1).await.assert_problem(status, code);
        stack.restore_revision(&other, &recipe.id, 1).await.assert_problem(status, code);
        stack.revision(Anonymous, &recipe.id, 1).await.assert_problem(401, "missing_token");
    }

    assert_eq!(shelf.contents().await, before);
}

/// T191
#[everywhere]
async fn restores_and_changes_at_once_are_all_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = in_three_versions(&stack, &session, "private").await;

    let all = (0..20).map(|number| {
        let client = stack.recipes(number % stack.copies());
        client.restore_revision(&session, &recipe.id, 1 + (number as i64 % 3))
    });
    for answer in join_all(all).await {
        answer.assert_status(200);
    }

    assert_eq!(recipe.again(&stack, &session).await.body["version"], 23);
    assert_eq!(Shelf::of(&stack).contents().await.revisions, 23);
}
