//! A session that is granted less than it could be.

use serde_json::{Value, json};
use testkit::{TestStack, both};

use crate::answers::{access_token, claims, refresh_token};
use crate::database::Database;

async fn login_with(stack: &TestStack, wanted: Value) -> testkit::Answer {
    let mut body = stack.logged_in().await.person().credentials();
    for (member, value) in wanted.as_object().expect("an object") {
        body[member] = value.clone();
    }
    stack.login(body).await
}

#[both]
async fn a_session_has_the_scope_that_was_asked_for(stack: TestStack) {
    let answer = login_with(&stack, json!({ "scope": "recipes:read" })).await;
    answer.assert_status(200);
    assert_eq!(answer.json()["scope"], "recipes:read");
    assert_eq!(claims(&access_token(&answer))["scope"], "recipes:read");
    let refused = stack.create_recipe(&access_token(&answer), json!({ "title": "국" })).await;
    refused.assert_problem(403, "insufficient_scope");

    // It holds for the session: a refresh that asks for nothing gets no more.
    let next = stack.refresh(&refresh_token(&answer)).await;
    assert_eq!(next.json()["scope"], "recipes:read");
    let wider = json!({ "refresh_token": refresh_token(&next), "scope": "recipes:read recipes:write" });
    stack.refresh_with(wider).await.assert_problem(400, "invalid_scope");
}

#[both]
async fn a_session_is_good_for_the_services_that_were_asked_for(stack: TestStack) {
    let answer = login_with(&stack, json!({ "audience": ["recipes"] })).await;
    answer.assert_status(200);
    let token = access_token(&answer);
    assert_eq!(claims(&token)["aud"], json!(["recipes"]));
    stack.list_recipes(&token, "").await.assert_status(200);
    stack.me(&token).await.assert_invalid_token();
    // Whatever its audience, it ends its own session.
    stack.logout(&token).await.assert_status(204);

    let answer = login_with(&stack, json!({ "audience": ["auth"] })).await;
    stack.me(&access_token(&answer)).await.assert_status(200);
    stack.list_recipes(&access_token(&answer), "").await.assert_invalid_token();
}

#[both]
async fn words_that_are_asked_for_twice_are_granted_once(stack: TestStack) {
    let wanted = json!({ "scope": " recipes:write  recipes:write", "audience": ["recipes", "recipes"] });
    let answer = login_with(&stack, wanted).await;
    assert_eq!(answer.json()["scope"], "recipes:write");
    assert_eq!(claims(&access_token(&answer))["aud"], json!(["recipes"]));
}

#[both]
async fn more_than_can_be_granted_is_refused_before_the_password_is_looked_at(stack: TestStack) {
    let wanted = [
        json!({ "scope": "admin" }),
        json!({ "scope": "recipes:read admin" }),
        json!({ "scope": "RECIPES:READ" }),
        json!({ "scope": "recipes:read,recipes:write" }),
        json!({ "scope": "recipes:*" }),
        json!({ "scope": "" }),
        json!({ "scope": "  " }),
        json!({ "audience": ["shop"] }),
        json!({ "audience": ["auth", "shop"] }),
        json!({ "audience": ["auth recipes"] }),
        json!({ "audience": ["auth", ""] }),
        json!({ "audience": [] }),
    ];
    for wanted in wanted {
        login_with(&stack, wanted).await.assert_problem(400, "invalid_scope");
    }
    let nobody = json!({ "email": "nobody@example.com", "password": "wrong", "scope": "admin" });
    stack.login(nobody).await.assert_problem(400, "invalid_scope");
    let opened =
        Database::of(&stack).number("SELECT count(*) AS value FROM audit WHERE event = 'logged_in'").await;
    assert_eq!(opened, 0);
}
