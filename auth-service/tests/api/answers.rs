//! What the tests read out of answers.

use serde_json::Value;
use testkit::forge::{Token, decoded};
use testkit::{Answer, TestStack, eventually};

/// The members of a session answer, but for its person.
pub const SESSION_ANSWER: [&str; 8] = [
    "access_token",
    "expires_in",
    "refresh_expires_at",
    "refresh_token",
    "scope",
    "session_expires_at",
    "session_id",
    "token_type",
];

/// Waits until an access token is refused by every copy of both services for having been ended: by auth-service at once.
pub async fn assert_revoked(stack: &TestStack, token: &str) {
    for copy in 0..stack.copies() {
        stack.auth(copy).me(token).await.assert_problem(401, "token_revoked");
        eventually("recipe-service has heard of it", async || {
            let answer = stack.recipes(copy).list_recipes(token, "").await;
            (answer.status == 401).then(|| answer.assert_problem(401, "token_revoked"))
        })
        .await;
    }
}

/// A member of the body that is text.
#[track_caller]
pub fn text(answer: &Answer, member: &str) -> String {
    let body = answer.assert_ok().json();
    body[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer}")).to_owned()
}

/// The refresh token of a session answer.
#[track_caller]
pub fn refresh_token(answer: &Answer) -> String {
    text(answer, "refresh_token")
}

/// The access token of a session answer.
#[track_caller]
pub fn access_token(answer: &Answer) -> String {
    text(answer, "access_token")
}

/// What an access token says.
pub fn claims(access_token: &str) -> Value {
    serde_json::from_slice(&decoded(&Token::parse(access_token).payload)).expect("the claims are not JSON")
}

/// The header of a token.
pub fn header(token: &str) -> Value {
    serde_json::from_slice(&decoded(&Token::parse(token).header)).expect("the header is not JSON")
}

/// The names of the members of an object, in alphabetical order.
pub fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().expect("no object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// Checks that a body was refused for these places and rules, and no others.
#[track_caller]
pub fn assert_invalid(answer: &Answer, expected: &[(&str, &str)]) {
    let problem = answer.assert_problem(422, "validation_failed");
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {answer}"));
    let text =
        |error: &Value, member: &str| error[member].as_str().expect("the kit has checked it").to_owned();
    let found: Vec<_> = errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect();
    let found: Vec<_> = found.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
    assert_eq!(found, expected, "{answer}");
}

/// What two answers to different causes must have in common: everything but the id of the request and the date.
pub fn but_for_its_request(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    let own = ["x-request-id", "date"];
    let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
    headers.sort();
    (answer.status, headers, body)
}
