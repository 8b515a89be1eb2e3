use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Session, TestStack, both, eventually, everywhere};

use super::{admin, by, get, noted_by, post};
use crate::answers::{header, members};

async fn in_state(stack: &TestStack, admin: &Session, state: &str) -> Vec<Value> {
    let listed = get(stack, admin, "keys").await.assert_ok().json();
    listed["items"].as_array().unwrap().iter().filter(|key| key["state"] == state).cloned().collect()
}

#[both]
async fn keys_are_listed_without_anything_private(stack: TestStack) {
    let admin = admin(&stack).await;
    let (current, next) = (in_state(&stack, &admin, "current").await, in_state(&stack, &admin, "next").await);
    assert_eq!((current.len(), next.len()), (1, 1));
    let expected = ["alg", "created_at", "kid", "retired_at", "revoked_at", "signs_from", "state"];
    assert_eq!(members(&current[0]), expected);
    assert_eq!(current[0]["kid"], header(&admin.access_token)["kid"]);
}

#[both]
async fn the_next_key_signs_when_it_was_published_for_long_enough(stack: TestStack) {
    let early = admin(&stack).await;
    let answer = post(&stack, &early, "keys/rotate", None).await;
    answer.assert_problem(409, "key_too_new");
    assert!((1..=120).contains(&answer.header("retry-after").parse::<u64>().unwrap()), "{answer}");

    stack.clock.advance(Duration::from_secs(120)).await;
    let admin = stack.logged_in_again(&early.person()).await;
    let (current, next) = (in_state(&stack, &admin, "current").await, in_state(&stack, &admin, "next").await);
    let rotated = post(&stack, &admin, "keys/rotate", None).await.assert_ok().json();
    assert_eq!((&rotated["current"], &rotated["retiring"]), (&next[0]["kid"], &current[0]["kid"]));
    assert_eq!(in_state(&stack, &admin, "next").await[0]["kid"], rotated["next"]);
    assert_eq!(noted_by(&stack, &admin, "keys_rotated").await, by(&admin));
}

#[everywhere]
async fn what_a_revoked_key_signed_is_refused_everywhere(stack: TestStack) {
    let (admin, person) = (admin(&stack).await, stack.logged_in().await);
    let kid = header(&person.access_token)["kid"].clone();
    let path = format!("keys/{}/revoke", kid.as_str().unwrap());
    let revoked = post(&stack, &admin, &path, None).await;
    assert_eq!(revoked.assert_ok().json(), json!({ "kid": kid, "was": "current" }));
    for copy in 0..stack.copies() {
        for token in [&person.access_token, &admin.access_token] {
            eventually("it is refused", async || {
                let (me, list) =
                    (stack.auth(copy).me(token).await, stack.recipes(copy).list_recipes(token, "").await);
                (me.status == 401 && list.status == 401).then_some(())
            })
            .await;
        }
    }
    let admin = stack.logged_in_again(&admin.person()).await;
    let again = post(&stack, &admin, &path, None).await;
    assert_eq!(again.assert_ok().json(), json!({ "kid": kid, "was": null }));
    post(&stack, &admin, "keys/unknown/revoke", None).await.assert_problem(404, "not_found");
    assert_eq!(noted_by(&stack, &admin, "key_revoked").await, by(&admin));
}
