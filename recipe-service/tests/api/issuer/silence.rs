use std::time::Duration;

use serde_json::json;
use testkit::client::{Anonymous, Client};
use testkit::{Answer, Session, TestStack, both, eventually};

use super::apart::Apart;
use crate::written::Written;

/// DESIGN §5: after as much silence the copy of the revocations is stale, and then blind.
const STALE_AFTER: Duration = Duration::from_secs(5);
const BLIND_AFTER: Duration = Duration::from_secs(30);

/// Every call that writes.
async fn writes(client: &Client, session: &Session, recipe: &Written) -> Vec<Answer> {
    let (id, etag, body) = (&recipe.id, &recipe.etag, json!({ "title": "찌개" }));
    vec![
        client.create_recipe(session, body.clone()).await,
        client.replace_recipe(session, id, etag, body.clone()).await,
        client.change_recipe(session, id, etag, body).await,
        client.delete_recipe(session, id, etag).await,
        client.publish_recipe(session, id).await,
        client.unpublish_recipe(session, id).await,
    ]
}

/// T097: as stated, and never as the caller's fault.
#[both]
async fn writing_stops_when_the_feed_is_silent_and_reading_later(stack: TestStack) {
    let (apart, session) = (Apart::start(&stack).await, stack.logged_in().await);
    let private = Written::by(&apart, &session, json!({ "title": "국" })).await;
    let public = Written::by(&apart, &session, json!({ "title": "국", "visibility": "public" })).await;

    apart.feed.cut().await;
    Written::by(&apart, &session, json!({ "title": "just in time" })).await;

    stack.clock.advance_unheard(STALE_AFTER);
    for answer in writes(&apart, &session, &private).await {
        answer.assert_problem(503, "revocations_stale");
    }
    apart.recipe(&session, &private.id).await.assert_status(200);
    apart.list_recipes(&session, "").await.assert_status(200);
    apart.recipe(Anonymous, &public.id).await.assert_status(200);

    stack.clock.advance_unheard(BLIND_AFTER - STALE_AFTER);
    for answer in writes(&apart, &session, &private).await {
        answer.assert_problem(503, "revocations_stale");
    }
    apart.recipe(&session, &private.id).await.assert_problem(503, "revocations_stale");
    apart.recipe(&session, &public.id).await.assert_problem(503, "revocations_stale");
    apart.list_recipes(&session, "").await.assert_problem(503, "revocations_stale");
    apart.recipe(Anonymous, &public.id).await.assert_status(200);
    apart.list_recipes(Anonymous, "").await.assert_status(200);
    apart.recipe(Anonymous, &private.id).await.assert_problem(404, "not_found");

    apart.feed.mend();
    let written = eventually("the feed is heard again", async || {
        let answer =
            apart.replace_recipe(&session, &private.id, &private.etag, json!({ "title": "찌개" })).await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    // Nothing that was refused in the silence was done.
    assert_eq!(Written::of(&written).body["version"], 2);
    assert_eq!(public.again(&apart, &session).await.body["version"], 1);
}

/// All copies would drop out at once, and with them what needs no token.
#[both]
async fn later_silence_leaves_readiness(stack: TestStack) {
    let apart = Apart::start(&stack).await;
    apart.feed.cut().await;
    apart.keys.cut().await;
    stack.clock.advance_unheard(2 * BLIND_AFTER);

    assert_eq!(apart.readiness().await, 200);
    apart.recipes.get("/healthz").send().await.assert_status(200);
}

/// What is refused for the caller's own fault is refused so in the silence, too.
#[both]
async fn a_silent_feed_makes_no_bad_token_a_good_one(stack: TestStack) {
    let (apart, other) = (Apart::start(&stack).await, stack.logged_in().await);
    let forge = stack.forge().await;
    apart.list_recipes(&other, "").await.assert_status(200);
    stack.logout(&other).await.assert_status(204);
    eventually("the logout is heard of", async || {
        (apart.list_recipes(&other, "").await.status == 401).then_some(())
    })
    .await;
    let elsewhere = forge.with_claims(forge.claims().with("aud", json!(["auth"]))).to_string();

    apart.feed.cut().await;
    for silence in [STALE_AFTER, BLIND_AFTER] {
        stack.clock.advance_unheard(silence);
        apart.list_recipes(&other, "").await.assert_problem(401, "token_revoked");
        apart.list_recipes(&elsewhere, "").await.assert_invalid_token();
        apart.list_recipes("no.token.really", "").await.assert_invalid_token();
        apart.create_recipe(Anonymous, json!({})).await.assert_problem(401, "missing_token");
    }
}

/// T099: the fast lane brings endings; it does not stand in for the feed.
#[both]
async fn an_ending_is_heard_of_when_the_feed_is_back(stack: TestStack) {
    let (apart, session) = (Apart::start(&stack).await, stack.logged_in().await);
    apart.list_recipes(&session, "").await.assert_status(200);
    apart.feed.cut().await;
    stack.logout(&session).await.assert_status(204);
    stack.clock.advance_unheard(BLIND_AFTER);
    assert!([401, 503].contains(&apart.list_recipes(&session, "").await.status));

    apart.feed.mend();

    let answer = eventually("the feed is heard again", async || {
        let answer = apart.list_recipes(&session, "").await;
        (answer.status != 503).then_some(answer)
    });
    answer.await.assert_problem(401, "token_revoked");
}
