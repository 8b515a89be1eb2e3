use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled, titles};
use crate::shelf::Shelf;
use crate::written::Written;

#[everywhere]
async fn a_published_recipe_is_read_by_everyone_until_it_is_unpublished(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let answer = stack.publish_recipe(&session, &recipe.id).await;
    assert!(answer.assert_status(204).body.is_empty());
    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        let public = Written::of(&client.recipe(Anonymous, &recipe.id).await).body;
        assert_eq!((&public["visibility"], &public["version"]), (&json!("public"), &json!(2)));
        assert_eq!(public["published_at"], public["updated_at"]);
        assert_eq!(titles(&client.list_recipes(Anonymous, "").await), ["국"]);
    }

    stack.unpublish_recipe(&session, &recipe.id).await.assert_status(204);
    for copy in 0..stack.copies() {
        stack.recipes(copy).recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
    }
    let private = recipe.again(&stack, &session).await.body;
    assert_eq!((&private["visibility"], &private["version"]), (&json!("private"), &json!(3)));
    assert_eq!(private["published_at"], Value::Null);
}

#[both]
async fn publishing_again_changes_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    let once = recipe.again(&stack, &session).await;

    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);

    let twice = recipe.again(&stack, &session).await;
    assert_eq!(
        (&twice.body["version"], &twice.body["published_at"]),
        (&json!(2), &once.body["published_at"])
    );
    for _ in 0..2 {
        stack.unpublish_recipe(&session, &recipe.id).await.assert_status(204);
    }
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 3);
    assert_eq!(Shelf::of(&stack).contents().await.revisions, 3);
}

#[both]
async fn an_unlisted_recipe_can_be_published_and_made_private(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, of_visibility("국", "unlisted")).await;
    stack.unpublish_recipe(&session, &recipe.id).await.assert_status(204);
    stack.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    stack.recipe(Anonymous, &recipe.id).await.assert_status(200);
}

#[both]
async fn writing_the_visibility_publishes_too(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let put = stack.replace_recipe(&session, &recipe.id, &recipe.etag, of_visibility("국", "public")).await;
    let put = Written::of(&put);
    assert_eq!(put.body["published_at"], put.body["updated_at"]);
    let patch = stack.change_recipe(&session, &recipe.id, &put.etag, json!({ "title": "찌개" })).await;
    let patch = Written::of(&patch);
    // Since when it is public does not move with what is written later.
    assert_eq!(patch.body["published_at"], put.body["published_at"]);
    assert_eq!(patch.body["visibility"], "public");
    let private = stack.change_recipe(&session, &recipe.id, &patch.etag, json!({ "visibility": null })).await;
    assert_eq!(Written::of(&private).body["visibility"], "private");
    assert_eq!(Written::of(&private).body["published_at"], Value::Null);
}

#[both]
async fn publishing_makes_a_known_version_stale(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);

    let answer = stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("찌개")).await;

    let problem = answer.assert_problem(412, "stale_version");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(problem["errors"][0]["pointer"], "/visibility");
}

#[everywhere]
async fn publishing_many_times_at_once_is_publishing_once(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    let all =
        (0..20).map(|number| stack.recipes(number % stack.copies()).publish_recipe(&session, &recipe.id));
    for answer in join_all(all).await {
        answer.assert_status(204);
    }

    assert_eq!(recipe.again(&stack, &session).await.body["version"], 2);
    assert_eq!(Shelf::of(&stack).contents().await.revisions, 2);
}
