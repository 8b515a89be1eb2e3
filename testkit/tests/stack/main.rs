//! The stack itself: what the tests of both services stand on.

use std::time::Duration;

use serde_json::json;
use testkit::client::Anonymous;
use testkit::stack::Options;
use testkit::{TestStack, both, everywhere};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[everywhere]
async fn a_token_of_one_service_is_believed_by_the_other(stack: TestStack) {
    let session = stack.logged_in().await;
    for copy in 0..stack.copies() {
        stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
        stack.auth(copy).me(&session).await.assert_status(200);
    }
}

#[both]
async fn verifiers_have_heard_the_feed_when_time_has_passed(stack: TestStack) {
    for by in [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(3600), 2 * DAY] {
        let before = stack.clock.now();
        stack.clock.advance(by).await;
        assert!(stack.clock.now().since(before) >= by);

        // A write needs a copy of the revocations that is fresh.
        let session = stack.logged_in().await;
        stack.create_recipe(&session, json!({ "title": "국" })).await.assert_status(201);
    }
}

#[both]
async fn verifiers_are_stale_when_time_passes_unheard(stack: TestStack) {
    let session = stack.logged_in().await;
    // One leap, so that no answer of the feed can come between.
    stack.clock.advance_unheard(Duration::from_secs(12 * 60));
    stack.list_recipes(&session, "").await.assert_problem(503, "revocations_stale");
    stack.list_recipes(Anonymous, "").await.assert_status(200);
}

#[both]
async fn a_forged_token_is_as_good_as_a_real_one(stack: TestStack) {
    let forge = stack.forge().await;
    stack.list_recipes(&forge.token().to_string(), "").await.assert_status(200);
}

#[both]
async fn a_setting_reaches_its_service(options: Options) {
    let stack = options.set("AUTH_SIGNUP", "closed").start().await;
    let person = testkit::client::Person::new();
    stack.signup(person.credentials()).await.assert_problem(403, "signup_closed");
}

#[both]
async fn who_is_disabled_beside_a_running_server_cannot_log_in(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.disable(&session.email).await;
    stack.login(session.person().credentials()).await.assert_problem(403, "account_disabled");
}

#[both]
async fn verifiers_go_on_without_their_issuer_until_they_are_stale(mut stack: TestStack) {
    let session = stack.logged_in().await;
    stack.stop_auth(0);
    stack.list_recipes(&session, "").await.assert_status(200);

    stack.clock.advance_unheard(Duration::from_secs(6));
    stack.list_recipes(&session, "").await.assert_status(200);
    stack.create_recipe(&session, json!({ "title": "국" })).await.assert_problem(503, "revocations_stale");

    stack.start_auth_again(0).await;
    stack.clock.advance(Duration::from_secs(1)).await;
    stack.create_recipe(&session, json!({ "title": "국" })).await.assert_status(201);
    stack.refresh(&session.refresh_token).await.assert_ok();
}
