//! POST /v1/login.

mod basic;
mod bodies;
mod narrower;
mod storms;
pub mod timing;

use serde_json::{Value, json};
use testkit::client::Person;
use testkit::{Answer, TestStack, both, everywhere};

use crate::answers::{SESSION_ANSWER, access_token, but_for_its_request, claims, members};
use crate::database::Database;

/// Somebody whose password does not matter.
fn with_password(person: &Person, password: &str) -> Value {
    json!({ "email": person.email, "password": password })
}

/// T102
#[everywhere]
async fn the_right_password_opens_a_session(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let answer = stack.login(person.credentials()).await;

    answer.assert_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(members(&body), [&SESSION_ANSWER[..], &["user"]].concat());
    assert_eq!(body["token_type"], "Bearer");
    assert!(body["expires_in"].as_i64().unwrap() <= 15 * 60);
    assert_eq!(body["user"]["email"], person.email);
    for copy in 0..stack.copies() {
        stack.auth(copy).me(&access_token(&answer)).await.assert_status(200);
        stack.recipes(copy).list_recipes(&access_token(&answer), "").await.assert_status(200);
    }
}

#[both]
async fn somebody_logs_in_by_either_name_in_whatever_letters(stack: TestStack) {
    let person = Person::new();
    let mut body = person.credentials();
    body["username"] = json!("chulsoo");
    stack.signup(body).await.assert_status(201);

    for name in ["chulsoo", "ChulSoo", "CHULSOO"] {
        stack.login(json!({ "username": name, "password": person.password })).await.assert_status(200);
    }
    for email in [person.email.to_uppercase(), format!(" {}\n", person.email)] {
        stack.login(json!({ "email": email, "password": person.password })).await.assert_status(200);
    }
}

/// T117: a log-in opens a session beside those that are open.
#[both]
async fn a_new_session_leaves_the_others_open(stack: TestStack) {
    let first = stack.logged_in().await;
    let second = stack.logged_in_again(&first.person()).await;

    assert_ne!(first.session_id, second.session_id);
    assert_ne!(first.refresh_token, second.refresh_token);
    for session in [&first, &second] {
        stack.me(session).await.assert_status(200);
        stack.refresh(&session.refresh_token).await.assert_status(200);
    }
}

/// Every way of not getting in.
async fn refusals(stack: &TestStack) -> Vec<Answer> {
    let known = stack.logged_in().await.person();
    let disabled = stack.logged_in().await.person();
    stack.disable(&disabled.email).await;
    let bodies = [
        with_password(&known, "wrong"),
        with_password(&known, ""),
        with_password(&disabled, "wrong"),
        with_password(&disabled, ""),
        with_password(&Person::new(), "wrong"),
        json!({ "username": "nobody-of-that-name", "password": "wrong" }),
        json!({ "email": "no address", "password": "wrong" }),
        json!({ "username": "no name!", "password": "wrong" }),
        json!({ "email": "", "password": "" }),
    ];
    let mut answers = Vec::new();
    for body in bodies {
        answers.push(stack.login(body).await);
    }
    answers
}

/// T103
#[both]
async fn whoever_is_not_let_in_gets_one_answer(stack: TestStack) {
    let answers = refusals(&stack).await;
    answers[0].assert_problem(401, "invalid_credentials");
    // A browser that never tried Basic is not to open a window for it.
    assert_eq!(answers[0].header("www-authenticate"), "");
    for answer in &answers[1..] {
        assert_eq!(but_for_its_request(answer), but_for_its_request(&answers[0]));
    }
}

/// T103: only the right password learns that an account is disabled.
#[both]
async fn a_disabled_account_is_said_to_be_so_after_the_right_password(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.disable(&session.user_id).await;

    stack.login(session.person().credentials()).await.assert_problem(403, "account_disabled");
    stack.login(with_password(&session.person(), "wrong")).await.assert_problem(401, "invalid_credentials");
    assert_eq!(Database::of(&stack).count("sessions").await, 1);
}

/// T108
#[both]
async fn a_name_that_means_something_to_a_database_is_a_name(stack: TestStack) {
    let known = stack.logged_in().await.person();
    let payloads = [
        "' OR 1=1--",
        "' OR ''='",
        "admin'--",
        "%",
        "%@%",
        "_",
        "_______@example.com",
        "\\",
        "\"",
        "$ne",
        "{\"$gt\":\"\"}",
        "*)(uid=*))(|(uid=*",
        "' UNION SELECT 1--",
        "'; DROP TABLE users;--",
        "$1",
        "{now}",
        "1",
        "0",
        "true",
        "null",
    ];
    for payload in payloads {
        for member in ["email", "username"] {
            let mut body = json!({ "password": known.password });
            body[member] = json!(payload);
            stack.login(body).await.assert_problem(401, "invalid_credentials");
        }
        stack
            .login_by_basic(&payload.replace(':', ""), &known.password)
            .await
            .assert_problem(401, "invalid_credentials");
    }
    stack.login(known.credentials()).await.assert_status(200);
}

#[both]
async fn logging_in_is_written_down(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.login(with_password(&session.person(), "wrong")).await.assert_status(401);
    stack.logged_in_again(&session.person()).await;

    let database = Database::of(&stack);
    let events = database.texts("SELECT event AS value FROM audit ORDER BY id").await;
    assert_eq!(events, ["signed_up", "login_failed", "logged_in"]);
    let personal = database.texts("SELECT CAST(personal AS TEXT) AS value FROM audit ORDER BY id").await;
    let personal: Value = serde_json::from_str(&personal[2]).unwrap();
    assert_eq!(personal["ip"], "127.0.0.1");
}

#[both]
async fn two_tokens_of_one_session_differ_by_their_ids_alone(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = claims(&access_token(&stack.refresh(&session.refresh_token).await));
    let first = claims(&session.access_token);
    assert_ne!(next["jti"], first["jti"]);
    for member in ["sub", "sid", "uv", "scope", "aud", "roles", "amr", "auth_time", "client_id", "iss"] {
        assert_eq!(next[member], first[member], "{member}");
    }
}
