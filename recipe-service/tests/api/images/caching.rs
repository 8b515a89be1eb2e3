use serde_json::json;
use testkit::client::Anonymous;
use testkit::{TestStack, both};

use super::samples::{jpeg, quarters, tiny};
use super::{covered, urls};

#[both]
async fn an_image_under_its_own_address_is_kept_for_ever(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let url = &urls(&recipe.body["cover"])[0];

    let private = stack.image_at(&session, url).await;
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    let public = stack.image_at(Anonymous, url).await;
    let public_to_its_author = stack.image_at(&session, url).await;

    assert_eq!(private.header("cache-control"), "private, max-age=31536000, immutable");
    for answer in [&public, &public_to_its_author] {
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    for answer in [&private, &public] {
        assert_eq!(answer.header("vary"), "Authorization, Cookie");
    }
    assert_eq!((&private.body, private.header("etag")), (&public.body, public.header("etag")));
    // Who may know the recipe only by its address is no reason for a cache to give it to others.
    let change = json!({ "visibility": "unlisted" });
    stack.change_recipe(&session, &recipe.id, "*", change).await.assert_status(200);
    assert!(stack.image_at(Anonymous, url).await.header("cache-control").starts_with("private"));
}

#[both]
async fn a_cover_is_asked_for_again_and_sent_when_it_has_changed(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let path = format!("/v1/recipes/{}/cover", recipe.id);
    let first = stack.cover(&session, &recipe.id, "").await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let ask = async |known: &str| {
        stack.recipes.get(&path).bearer(&session).header("if-none-match", known).send().await
    };

    let same = ask(first.header("etag")).await;
    same.assert_status(304);
    assert!(same.body.is_empty());
    for name in ["etag", "cache-control", "vary"] {
        assert_eq!(same.header(name), first.header(name));
    }
    ask("*").await.assert_status(304);
    ask("\"another\"").await.assert_status(200);
    ask("no tag").await.assert_problem(400, "invalid_parameter");
    let small = stack.cover(&session, &recipe.id, "?size=320").await;
    assert_ne!(small.header("etag"), first.header("etag"));

    stack.put_cover(&session, &recipe.id, tiny()).await.assert_status(200);
    ask(first.header("etag")).await.assert_status(200);
    stack.publish_recipe(&session, &recipe.id).await.assert_status(204);
    assert_eq!(stack.cover(Anonymous, &recipe.id, "").await.header("cache-control"), "public, max-age=60");
}
