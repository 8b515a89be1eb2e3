//! For how long it is remembered what was ended.

use std::time::Duration;

use testkit::stack::Options;
use testkit::{TestStack, both, eventually, everywhere};

use crate::database::Database;

/// T083: not at the end of its life, nor within the leeway, nor after.
#[everywhere]
async fn an_ended_token_is_never_let_in_again(options: Options) {
    let stack = options.set("AUTH_ACCESS_TTL", "5s").start().await;
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    let refused = async |copy: usize| {
        let answer = stack.recipes(copy).list_recipes(&session, "").await;
        (answer.status == 401).then_some(())
    };
    for copy in 0..stack.copies() {
        eventually("recipe-service has heard of it", async || refused(copy).await).await;
    }
    // To its end, to that of the leeway, past the ten seconds after, and past all memory of it.
    for seconds in [1, 2, 2, 5, 10, 14, 2, 9, 69 * 60, 60, 60, 3600] {
        stack.clock.advance(Duration::from_secs(seconds)).await;
        for copy in 0..stack.copies() {
            stack.recipes(copy).list_recipes(&session, "").await.assert_status(401);
            stack.auth(copy).me(&session).await.assert_status(401);
        }
    }
}

/// T084: the feed does not grow for ever: what no living token can concern is deleted, and what concerns keys is not.
#[both]
async fn what_is_over_is_deleted_from_the_feed(stack: TestStack) {
    let (session, database) = (stack.logged_in().await, Database::of(&stack));
    stack.logout(&session).await.assert_status(204);
    let kid = stack.jwks().await.json()["keys"][0]["kid"].as_str().unwrap().to_owned();
    stack.as_operator(async |auth| auth.revoke_key(&kid).await.map(drop)).await.expect("not revoked");
    let told = "SELECT target AS value FROM revocations WHERE kind IN ('session', 'key') ORDER BY seq";
    // A copy that starts looks for what is over.
    stack.as_operator(async |_| assert_eq!(database.texts(told).await.len(), 2)).await;

    stack.clock.advance(Duration::from_secs(70 * 60 + 1)).await;
    stack
        .as_operator(async |_| {
            eventually("what is over is deleted", async || {
                let left = database.texts(told).await;
                assert!(left.contains(&kid), "a key was forgotten");
                (left.len() == 1).then_some(())
            })
            .await;
        })
        .await;
}
