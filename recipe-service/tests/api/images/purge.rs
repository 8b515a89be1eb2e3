use std::time::Duration;

use serde_json::json;
use testkit::client::Session;
use testkit::{TestStack, both, eventually};

use super::samples::{jpeg, png, quarters, tiny};
use super::{covered, decoded, files};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Lets so much time pass, and the purge see it.
async fn after(stack: &TestStack, session: &Session, time: Duration) -> Session {
    stack.clock.advance(time).await;
    stack.logged_in_again(&session.person()).await
}

/// Lets the hours pass until so many files are left.
async fn left(stack: &TestStack, count: usize) {
    eventually("the files are erased", async || {
        stack.clock.advance(HOUR).await;
        (files(stack).len() == count).then_some(())
    })
    .await;
}

/// Files go when no recipe has had them for a day: neither one in the trash, nor in an earlier version.
#[both]
async fn the_files_of_an_image_go_a_day_after_the_last_recipe_that_had_it(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in().await;
    let shared = jpeg(&quarters(50, 40));
    let (kept, gone) =
        (covered(&stack, &session, png(quarters(30, 30))).await, covered(&stack, &session, tiny()).await);
    stack.put_cover(&session, &gone.id, shared.clone()).await.assert_status(200);
    let twin = covered(&stack, &other, shared).await;
    // What a recipe had before, it has in an earlier version.
    stack.put_cover(&session, &kept.id, png(quarters(31, 30))).await.assert_status(200);
    assert_eq!(files(&stack).len(), 4);

    stack.delete_recipe(&session, &gone.id, "*").await.assert_status(204);
    let session = after(&stack, &session, 25 * HOUR).await;
    let session = after(&stack, &session, 25 * HOUR).await;
    stack.undelete_recipe(&session, &gone.id).await.assert_status(200);
    assert_eq!(files(&stack).len(), 4);
    stack.restore_revision(&session, &gone.id, 2).await.assert_status(200);
    decoded(&stack.cover(&session, &gone.id, "").await);

    stack.delete_recipe(&session, &gone.id, "*").await.assert_status(204);
    stack.erase_recipe(&session, &gone.id).await.assert_status(204);
    let session = after(&stack, &session, 12 * HOUR).await;
    assert_eq!(files(&stack).len(), 4);
    left(&stack, 3).await;
    let (session, other) =
        (stack.logged_in_again(&session.person()).await, stack.logged_in_again(&other.person()).await);
    decoded(&stack.cover(&other, &twin.id, "").await);
    decoded(&stack.cover(&session, &kept.id, "").await);
    // It can be sent again.
    let again = covered(&stack, &session, tiny()).await;
    decoded(&stack.cover(&session, &again.id, "").await);
}

/// Whoever goes takes their images along; what is public of them stays, without what it had before.
#[both]
async fn the_images_of_a_deleted_person_go(stack: TestStack) {
    for (query, kept) in [("", 0), ("?recipes=keep", 1)] {
        let session = stack.logged_in().await;
        let private = covered(&stack, &session, png(quarters(30, 30))).await;
        let public = covered(&stack, &session, png(quarters(31, 31))).await;
        stack.put_cover(&session, &public.id, png(quarters(32, 32))).await.assert_status(200);
        stack.publish_recipe(&session, &public.id).await.assert_status(204);

        stack.delete_me(&session, query).await.assert_status(204);
        eventually("the recipes are gone", async || {
            let image = stack.recipes.get(&format!("/v1/recipes/{}/cover", public.id)).send().await;
            let listed = stack.list_recipes(testkit::client::Anonymous, "").await.json();
            let is_done = listed["items"] == json!([]) || listed["items"][0]["owner"]["name"] == json!(null);
            (is_done && (image.status == 404) == (kept == 0)).then_some(())
        })
        .await;
        left(&stack, kept).await;
        stack.recipes.get(&format!("/v1/recipes/{}/cover", private.id)).send().await.assert_status(404);
    }
}
