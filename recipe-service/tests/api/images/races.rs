use futures_util::future::{join, join_all};
use serde_json::json;
use testkit::{TestStack, everywhere};

use super::samples::{jpeg, png, quarters};
use super::{decoded, stew};

/// Whoever writes the document and whoever sends a photo at once lose nothing of each other's.
#[everywhere]
async fn an_edit_and_a_cover_at_once_are_both_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let last = stack.copies() - 1;
    let edits = join_all((0..20).map(|number| {
        let change = json!({ "title": format!("국 {number}") });
        stack.recipes(number % stack.copies()).change_recipe(&session, &recipe.id, "*", change)
    }));
    let covers =
        join_all((0..3).map(|number| {
            stack.recipes(last).put_cover(&session, &recipe.id, png(quarters(20 + number, 20)))
        }));

    let (edits, covers) = join(edits, covers).await;

    edits.iter().chain(&covers).for_each(|answer| {
        answer.assert_status(200);
    });
    let now = recipe.again(&stack, &session).await;
    assert_eq!(now.body["version"], 24);
    assert_ne!(now.body["cover"], json!(null));
    let titles: Vec<_> = edits.iter().map(|edit| edit.json()["title"].clone()).collect();
    assert!(titles.contains(&now.body["title"]));
    decoded(&stack.cover(&session, &recipe.id, "").await);
}

/// The same new photo from several sides: one writes over the other what is the same.
#[everywhere]
async fn the_same_image_at_once_is_kept_whole(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipes = join_all((0..4).map(|_| stew(&stack, &session))).await;
    let photo = jpeg(&quarters(700, 500));
    let puts = join_all(recipes.iter().enumerate().map(|(number, recipe)| {
        stack.recipes(number % stack.copies()).put_cover(&session, &recipe.id, photo.clone())
    }));

    puts.await.iter().for_each(|answer| {
        answer.assert_status(200);
    });
    for recipe in &recipes {
        assert_eq!(decoded(&stack.cover(&session, &recipe.id, "").await).width(), 700);
    }
}
