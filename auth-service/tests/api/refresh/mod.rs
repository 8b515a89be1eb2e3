//! POST /v1/refresh: the usual way of a session.

mod expiry;
mod narrower;
mod tokens;
mod versions;

use serde_json::json;
use testkit::{TestStack, both, everywhere};

use crate::answers::{SESSION_ANSWER, access_token, assert_invalid, claims, members, refresh_token, text};
use crate::database::Database;

/// T150
#[everywhere]
async fn a_refresh_token_is_exchanged_for_the_next_one(stack: TestStack) {
    let session = stack.logged_in().await;
    let answer = stack.auth(stack.copies() - 1).refresh(&session.refresh_token).await;

    answer.assert_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(members(&body), SESSION_ANSWER);
    assert_eq!(body["session_id"], session.session_id);
    assert_ne!(body["refresh_token"], session.refresh_token);
    assert_ne!(claims(&access_token(&answer))["jti"], claims(&session.access_token)["jti"]);
    for copy in 0..stack.copies() {
        stack.auth(copy).me(&access_token(&answer)).await.assert_status(200);
        stack.recipes(copy).list_recipes(&access_token(&answer), "").await.assert_status(200);
        // The access token of before goes on until it expires.
        stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
    }
}

#[everywhere]
async fn a_session_goes_on_for_as_long_as_it_is_refreshed(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut token = session.refresh_token;
    for step in 0..20 {
        let answer = stack.auth(step % stack.copies()).refresh(&token).await;
        answer.assert_status(200);
        token = refresh_token(&answer);
    }
    let database = Database::of(&stack);
    assert_eq!(database.number("SELECT generation AS value FROM sessions").await, 20);
    // No history of tokens is kept, nor of refreshes.
    assert_eq!(database.count("sessions").await, 1);
    assert_eq!(database.count("audit").await, 1);
    assert_eq!(database.count("revocations").await, 0);
}

#[both]
async fn a_refresh_token_may_come_as_bearer(stack: TestStack) {
    let session = stack.logged_in().await;
    let answer = stack.auth.post("/v1/refresh").bearer(&session.refresh_token).send().await;
    answer.assert_status(200);
    let body = json!({ "scope": "recipes:read" });
    let next = stack.auth.post("/v1/refresh").bearer(&refresh_token(&answer)).json(&body).send().await;
    next.assert_status(200);
    assert_eq!(next.json()["scope"], "recipes:read");
}

/// T169: whose token it is, is never a question.
#[both]
async fn a_refresh_token_beside_another_token_is_refused(stack: TestStack) {
    let (one, other) = (stack.logged_in().await, stack.logged_in().await);
    for bearer in [&other.access_token, &other.refresh_token, &one.access_token, &one.refresh_token] {
        let body = json!({ "refresh_token": one.refresh_token });
        let answer = stack.auth.post("/v1/refresh").bearer(bearer).json(&body).send().await;
        answer.assert_problem(400, "multiple_credentials");
    }
    let next = stack.refresh(&one.refresh_token).await;
    assert_eq!(claims(&access_token(&next))["sub"], one.user_id);
    stack.refresh(&other.refresh_token).await.assert_status(200);
}

#[both]
async fn without_a_token_there_is_nothing_to_refresh(stack: TestStack) {
    stack.auth.post("/v1/refresh").send().await.assert_problem(401, "missing_token");
    for body in [json!({}), json!({ "refresh_token": null }), json!({ "scope": "recipes:read" })] {
        stack.refresh_with(body).await.assert_problem(401, "missing_token");
    }
    let basic = stack.auth.post("/v1/refresh").header("authorization", "Basic a2ltOmE=");
    basic.send().await.assert_problem(401, "missing_token");
}

#[both]
async fn a_body_that_is_no_refresh_is_refused_by_name(stack: TestStack) {
    let session = stack.logged_in().await;
    for value in [json!(1), json!(true), json!([session.refresh_token]), json!({})] {
        let answer = stack.refresh_with(json!({ "refresh_token": value })).await;
        assert_invalid(&answer, &[("/refresh_token", "wrong_type")]);
    }
    let more = json!({ "refresh_token": session.refresh_token, "grant_type": "refresh_token" });
    assert_invalid(&stack.refresh_with(more).await, &[("/grant_type", "unknown_member")]);
    let nul = json!({ "refresh_token": format!("{}\0", session.refresh_token) });
    assert_invalid(&stack.refresh_with(nul).await, &[("/refresh_token", "nul")]);
    let token = &session.refresh_token;
    let twice = format!(r#"{{"refresh_token":"{token}","refresh_token":"{token}"}}"#);
    let twice = stack.auth.post("/v1/refresh").body("application/json", twice).send().await;
    assert_invalid(&twice, &[("/refresh_token", "duplicate_member")]);
    // None of it has used the token.
    stack.refresh(&session.refresh_token).await.assert_status(200);
    assert_eq!(Database::of(&stack).number("SELECT CAST(replays AS BIGINT) AS value FROM sessions").await, 0);
}

/// T166
#[both]
async fn a_refresh_token_in_the_query_or_in_a_cookie_is_not_taken(stack: TestStack) {
    let token = stack.logged_in().await.refresh_token;
    let query = stack.auth.post(&format!("/v1/refresh?refresh_token={token}")).send().await;
    query.assert_problem(400, "unknown_parameter");
    for cookie in ["refresh_token", "token", "jrt1", "__Secure-refresh"] {
        let request = stack.auth.post("/v1/refresh").header("cookie", format!("{cookie}={token}"));
        request.send().await.assert_problem(401, "missing_token");
    }
    for header in ["x-refresh-token", "x-access-token"] {
        let request = stack.auth.post("/v1/refresh").header(header, &token);
        request.send().await.assert_problem(401, "missing_token");
    }
    stack.refresh(&token).await.assert_status(200);
}

/// T168
#[both]
async fn nobody_who_is_disabled_goes_on(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    stack.disable(&session.user_id).await;

    stack.refresh(&next).await.assert_problem(401, "session_ended");
    stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
    stack.me(&session).await.assert_problem(401, "token_revoked");
}

/// T168
#[both]
async fn another_password_ends_every_session(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in_again(&session.person()).await;
    let password = "miyeok guk 77 bowls";
    stack
        .as_operator(async |auth| {
            let password = auth_service::domain::Password::chosen(password, &[], 2).expect("a good password");
            auth.set_password(&session.email, &password).await.expect("the password is set");
        })
        .await;

    for session in [&session, &other] {
        stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
        stack.me(session).await.assert_problem(401, "token_revoked");
    }
    let over = "SELECT count(*) AS value FROM sessions WHERE end_reason = 'password_changed'";
    assert_eq!(Database::of(&stack).number(over).await, 2);
    stack.login(session.person().credentials()).await.assert_problem(401, "invalid_credentials");
    let body = json!({ "email": session.email, "password": password });
    let answer = stack.login(body).await;
    answer.assert_status(200);
    stack.refresh(&refresh_token(&answer)).await.assert_status(200);
}

/// T170: there is no limit to the sessions of a person, and each has a life of its own.
#[both]
async fn a_person_may_have_a_hundred_sessions(stack: TestStack) {
    let first = stack.logged_in().await;
    let mut sessions = vec![first.clone()];
    for _ in 1..100 {
        sessions.push(stack.logged_in_again(&first.person()).await);
    }
    stack.logout(&sessions[50].refresh_token).await.assert_status(204);
    for (number, session) in sessions.iter().enumerate() {
        let answer = stack.refresh(&session.refresh_token).await;
        assert_eq!(answer.status, if number == 50 { 401 } else { 200 }, "{answer}");
    }
    let list = stack.sessions(&first, "?limit=100").await;
    assert_eq!(list.assert_ok().json()["items"].as_array().unwrap().len(), 100);
}

/// T027: an access token is another thing, and ends nothing here.
#[both]
async fn an_access_token_is_no_refresh_token(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.refresh(&session.access_token).await.assert_problem(401, "refresh_token_invalid");
    let bearer = stack.auth.post("/v1/refresh").bearer(&session).send().await;
    bearer.assert_problem(401, "refresh_token_invalid");
    let next = stack.refresh(&session.refresh_token).await;
    assert_eq!(text(&next, "session_id"), session.session_id);
}

/// T026
#[both]
async fn a_refresh_token_is_no_access_token(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.me(&session.refresh_token).await.assert_invalid_token();
    stack.sessions(&session.refresh_token, "").await.assert_invalid_token();
    stack.list_recipes(&session.refresh_token, "").await.assert_invalid_token();
}
