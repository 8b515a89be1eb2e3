//! An access token that is granted less than its session has.

use serde_json::{Value, json};
use testkit::{TestStack, both};

use crate::answers::{access_token, claims, refresh_token};

fn with_token(token: &str, mut wanted: Value) -> Value {
    wanted["refresh_token"] = json!(token);
    wanted
}

#[both]
async fn one_access_token_may_have_less_than_its_session(stack: TestStack) {
    let session = stack.logged_in().await;
    let wanted = json!({ "scope": "recipes:read", "audience": ["recipes"] });
    let less = stack.refresh_with(with_token(&session.refresh_token, wanted)).await;
    less.assert_status(200);
    assert_eq!(less.json()["scope"], "recipes:read");
    let said = claims(&access_token(&less));
    assert_eq!((&said["scope"], &said["aud"]), (&json!("recipes:read"), &json!(["recipes"])));
    stack.me(&access_token(&less)).await.assert_invalid_token();
    stack.create_recipe(&access_token(&less), json!({ "title": "국" })).await.assert_status(403);

    // The session has all of it as before.
    let all = stack.refresh(&refresh_token(&less)).await;
    assert_eq!(all.json()["scope"], "recipes:read recipes:write");
    stack.me(&access_token(&all)).await.assert_status(200);
}

/// T167
#[both]
async fn more_than_the_session_has_is_refused_and_uses_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let wanted = [
        json!({ "scope": "admin" }),
        json!({ "scope": "recipes:read recipes:write admin" }),
        json!({ "scope": "" }),
        json!({ "audience": ["shop"] }),
        json!({ "audience": ["auth recipes"] }),
        json!({ "audience": [] }),
    ];
    for wanted in wanted {
        let answer = stack.refresh_with(with_token(&session.refresh_token, wanted)).await;
        answer.assert_problem(400, "invalid_scope");
    }
    let database = crate::database::Database::of(&stack);
    assert_eq!(database.number("SELECT generation AS value FROM sessions").await, 0);
    stack.refresh(&session.refresh_token).await.assert_status(200);
    assert_eq!(database.number("SELECT CAST(replays AS BIGINT) AS value FROM sessions").await, 0);
}

#[both]
async fn a_repetition_may_ask_for_another_part(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.refresh(&session.refresh_token).await;
    let wanted = json!({ "scope": "recipes:read" });
    let again = stack.refresh_with(with_token(&session.refresh_token, wanted)).await;
    assert_eq!(again.json()["scope"], "recipes:read");
    assert_eq!(refresh_token(&again), refresh_token(&first));
}
