use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use testkit::{TestStack, both, eventually, everywhere};

use super::{assert_refused_for_good, begin_again, logged_in_everywhere};
use crate::answers::access_token;
use crate::database::Database;

#[everywhere]
async fn nothing_of_before_counts_and_new_log_ins_do(stack: TestStack) {
    let (before, other) = (stack.logged_in().await, stack.logged_in().await);
    let old_kids = kids(&stack).await;

    let said = begin_again(&stack);

    assert_eq!((&said["sessions_ended"], &said["people"]), (&json!(2), &json!(2)), "{said}");
    assert_eq!(said["keys_revoked"], 2);
    for session in [&before, &other] {
        for copy in 0..stack.copies() {
            stack.auth(copy).refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
        }
        assert_refused_for_good(&stack, &session.access_token).await;
    }
    for copy in 0..stack.copies() {
        let new = logged_in_everywhere(&stack, stack.auth(copy), &before).await;
        let next = stack.refresh(&new.refresh_token).await;
        stack.list_recipes(&access_token(&next), "").await.assert_status(200);
    }
    eventually("every copy publishes the new keys alone", async || {
        let now = kids(&stack).await;
        (now.len() == 2 && now.iter().all(|kid| !old_kids.contains(kid))).then_some(())
    })
    .await;
    assert_eq!(stack.jwks().await.json()["epoch"], said["epoch"]);
    assert_refused_for_good(&stack, &before.access_token).await;

    let database = Database::of(&stack);
    let ended = "SELECT count(*) AS value FROM sessions WHERE end_reason = 'database_restored'";
    assert_eq!(database.number(ended).await, 2);
    let noted = "SELECT count(*) AS value FROM audit WHERE event = 'restored'";
    assert_eq!(database.number(noted).await, 1);
    let versions = format!("SELECT count(*) AS value FROM users WHERE uv = {}", 1_i64 << 32);
    assert_eq!(database.number(versions).await, 2);
}

async fn kids(stack: &TestStack) -> Vec<String> {
    let mut kids = Vec::new();
    for copy in 0..stack.copies() {
        let jwks = stack.auth(copy).jwks().await.json();
        kids.extend(
            jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()),
        );
    }
    kids.sort();
    kids.dedup();
    kids
}

#[both]
async fn the_tokens_of_services_are_of_before_too(stack: TestStack) {
    let (client, secret) = stack.client("recipes:read", "auth recipes").await;
    let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
    let token = async || {
        let request = stack.auth.post("/oauth2/token").header("authorization", &basic);
        let body = "grant_type=client_credentials";
        access_token(&request.body("application/x-www-form-urlencoded", body).send().await)
    };
    let before = token().await;
    stack.list_recipes(&before, "").await.assert_status(200);

    let said = begin_again(&stack);

    assert_eq!(said["clients"], 1);
    assert_refused_for_good(&stack, &before).await;
    eventually("a new one is let in", async || {
        (stack.list_recipes(&token().await, "").await.status == 200).then_some(())
    })
    .await;
}

#[both]
async fn again_is_the_same_once_more(stack: TestStack) {
    let person = stack.logged_in().await;
    let first = begin_again(&stack);
    let between = logged_in_everywhere(&stack, &stack, &person).await;

    let second = begin_again(&stack);

    assert!(second["epoch"].as_str() > first["epoch"].as_str(), "{first} {second}");
    assert_refused_for_good(&stack, &between.access_token).await;
    stack.refresh(&between.refresh_token).await.assert_problem(401, "session_ended");
    logged_in_everywhere(&stack, &stack, &person).await;
}

/// Those who take tokens of another issuer cannot know who was ended since the backup, either.
#[both]
async fn whom_another_system_knows_is_told_on_the_feed_of_people(stack: TestStack) {
    let (known, also) = (stack.logged_in().await, stack.logged_in().await);
    stack.logged_in().await;
    stack.call(&known.user_id, "7").await;
    stack.call(&also.user_id, "8").await;
    begin_again(&stack);
    let version = (1_i64 << 32).to_string();
    let told = "SELECT external_id || ' ' || sub || ' ' || min_uv AS value FROM people_events WHERE min_uv > 0 \
                ORDER BY external_id";
    let told = Database::of(&stack).texts(told).await;
    assert_eq!(told, [format!("7 {} {version}", known.user_id), format!("8 {} {version}", also.user_id)]);
    // Dense, so that no reader misses one.
    let gaps = "SELECT head - (SELECT count(*) FROM people_events) AS value FROM feeds WHERE name = 'people'";
    assert_eq!(Database::of(&stack).number(gaps).await, 0);
    stack
        .change_me(&logged_in_everywhere(&stack, &stack, &known).await, json!({ "name": "Kim" }))
        .await
        .assert_ok();
}
