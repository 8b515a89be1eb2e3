use testkit::client::Anonymous;
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled, titles};
use crate::shelf::Shelf;
use crate::written::Written;

#[everywhere]
async fn a_discarded_recipe_is_gone_for_everyone(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, of_visibility("국", "public")).await;

    let answer = stack.delete_recipe(&session, &recipe.id, &recipe.etag).await;

    answer.assert_status(204);
    assert!(answer.body.is_empty());
    for copy in 0..stack.copies() {
        let client = stack.recipes(copy);
        client.recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
        client.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
        assert!(titles(&client.list_recipes(&session, "").await).is_empty());
        assert!(titles(&client.list_recipes(Anonymous, "").await).is_empty());
    }
}

/// T193: what is in the trash does not rise from it by being written.
#[both]
async fn nothing_can_be_done_with_a_discarded_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    stack.delete_recipe(&session, &recipe.id, &recipe.etag).await.assert_status(204);
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    for etag in [recipe.etag.as_str(), "*"] {
        stack.delete_recipe(&session, &recipe.id, etag).await.assert_problem(404, "not_found");
        let put = stack.replace_recipe(&session, &recipe.id, etag, titled("again")).await;
        put.assert_problem(404, "not_found");
        let patch = stack.change_recipe(&session, &recipe.id, etag, titled("again")).await;
        patch.assert_problem(404, "not_found");
    }
    stack.publish_recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
    stack.unpublish_recipe(&session, &recipe.id).await.assert_problem(404, "not_found");

    assert_eq!(shelf.contents().await, before);
    // It is in the trash, not erased.
    assert_eq!(before.recipes, 1);
}

#[both]
async fn a_stale_delete_deletes_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let newer = stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("찌개")).await;
    newer.assert_status(200);

    let problem =
        stack.delete_recipe(&session, &recipe.id, &recipe.etag).await.assert_problem(412, "stale_version");

    assert_eq!(problem["errors"][0]["pointer"], "/title");
    recipe.again(&stack, &session).await;
}
