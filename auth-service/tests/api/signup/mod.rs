//! POST /v1/signup.

mod addresses;
mod names;

use serde_json::{Value, json};
use testkit::client::{Anonymous, Person};
use testkit::stack::Options;
use testkit::{Session, TestStack, both};

use crate::answers::{SESSION_ANSWER, access_token, assert_invalid, claims, members, text};
use crate::database::Database;

/// T137
#[both]
async fn signing_up_answers_a_first_session_and_where_the_person_is(stack: TestStack) {
    let person = Person::new();
    let answer = stack.signup(person.credentials()).await;

    answer.assert_status(201);
    let body = answer.json();
    assert_eq!(members(&body), [&SESSION_ANSWER[..], &["user"]].concat());
    // Nothing of the inside: no hash, no version, no state.
    let user = ["created_at", "email", "email_verified", "id", "locale", "name", "roles"];
    assert_eq!(members(&body["user"]), user);
    assert_eq!(body["user"]["email"], person.email);
    assert_eq!((&body["user"]["email_verified"], &body["user"]["roles"]), (&json!(false), &json!([])));
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(body["scope"], "recipes:read recipes:write");
    assert_eq!(answer.header("cache-control"), "no-store");
    let location = answer.header("location");
    assert_eq!(location, format!("/v1/users/{}", body["user"]["id"].as_str().unwrap()));

    let there = stack.auth.get(location).bearer(&access_token(&answer)).send().await;
    there.assert_status(200);
    assert_eq!(there.json(), body["user"]);
}

#[both]
async fn what_is_said_at_signing_up_is_kept(stack: TestStack) {
    let mut body = Person::new().credentials();
    body["name"] = json!("  김 철수 ");
    body["username"] = json!("Chulsoo.Kim_1-");
    body["locale"] = json!("ko-KR");
    let answer = stack.signup(body).await;

    answer.assert_status(201);
    let user = &answer.json()["user"];
    assert_eq!(user["name"], "김 철수");
    assert_eq!(user["username"], "chulsoo.kim_1-");
    assert_eq!(user["locale"], "ko-KR");
}

/// T137: the token says what its profile says (RFC 9068), no more, and is short.
#[both]
async fn the_first_access_token_says_whose_it_is_and_what_for(stack: TestStack) {
    let session = stack.logged_in().await;
    assert!(session.access_token.len() <= 700, "{} bytes", session.access_token.len());

    let claims = claims(&session.access_token);
    let profile = [
        "amr",
        "aud",
        "auth_time",
        "client_id",
        "exp",
        "iat",
        "iss",
        "jti",
        "roles",
        "scope",
        "sid",
        "sub",
        "uv",
    ];
    assert_eq!(members(&claims), profile);
    assert_eq!(claims["sub"], session.user_id);
    assert_eq!(claims["sid"], session.session_id);
    assert_eq!(claims["iss"], "http://auth.test");
    assert_eq!(claims["aud"], json!(["auth", "recipes"]));
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["auth_time"], claims["iat"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}

/// T138: names are public here, so a taken one is said to be.
#[both]
async fn a_taken_address_or_name_is_said_to_be_taken(stack: TestStack) {
    let mut first = Person::new().credentials();
    first["username"] = json!("chulsoo");
    stack.signup(first.clone()).await.assert_status(201);
    let counts = Database::of(&stack).counts().await;

    let mut same_address = Person::new().credentials();
    same_address["email"] = first["email"].clone();
    stack.signup(same_address).await.assert_problem(409, "email_taken");
    let mut same_name = Person::new().credentials();
    same_name["username"] = json!("CHULSOO");
    stack.signup(same_name).await.assert_problem(409, "username_taken");
    // Of two that are taken both databases name the same one.
    stack.signup(first).await.assert_problem(409, "email_taken");

    assert_eq!(Database::of(&stack).counts().await, counts);
}

/// T147
#[both]
async fn a_signup_that_is_repeated_because_its_answer_was_lost_is_there(stack: TestStack) {
    let person = Person::new();
    stack.signup(person.credentials()).await.assert_status(201);

    stack.signup(person.credentials()).await.assert_problem(409, "email_taken");
    stack.login(person.credentials()).await.assert_status(200);
}

/// T145
#[both]
async fn members_that_only_the_service_sets_are_refused(stack: TestStack) {
    let before = Database::of(&stack).counts().await;
    let extra = [
        ("id", json!("0190b6a0-0000-7000-8000-000000000000")),
        ("role", json!("admin")),
        ("roles", json!(["admin"])),
        ("is_admin", json!(true)),
        ("scope", json!("admin")),
        ("email_verified", json!(true)),
        ("password_hash", json!("$2b$")),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("token_version", json!(9)),
        ("uv", json!(9)),
        ("state", json!("active")),
        ("ext", json!({})),
        ("external_id", json!("1")),
    ];
    for (member, value) in extra {
        let mut body = Person::new().credentials();
        body[member] = value;
        let answer = stack.signup(body).await;
        assert_invalid(&answer, &[(&format!("/{member}"), "unknown_member")]);
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T146
#[both]
async fn a_member_that_is_given_twice_is_refused(stack: TestStack) {
    for member in ["email", "password", "name", "username", "locale"] {
        let body = Person::new().credentials().to_string();
        let body = body.trim_start_matches('{');
        let twice = format!("{{\"{member}\":\"first\",\"{member}\":\"second\",{body}");
        let answer = stack.auth.post("/v1/signup").body("application/json", twice).send().await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"));
        assert_eq!(problem["errors"][0]["code"], "duplicate_member");
    }
    assert_eq!(Database::of(&stack).count("users").await, 0);
}

#[both]
async fn all_that_is_wrong_is_said_at_once(stack: TestStack) {
    let body =
        json!({ "email": "kim", "password": "short", "name": " ", "username": "x", "locale": "korean!" });
    let errors = [
        ("/email", "malformed"),
        ("/password", "too_short"),
        ("/name", "too_short"),
        ("/username", "malformed"),
        ("/locale", "malformed"),
    ];
    assert_invalid(&stack.signup(body).await, &errors);
}

#[both]
async fn what_is_missing_is_named(stack: TestStack) {
    assert_invalid(&stack.signup(json!({ "password": "bori cha 8" })).await, &[("/email", "missing_member")]);
    assert_invalid(
        &stack.signup(json!({ "email": "a@example.com" })).await,
        &[("/password", "missing_member")],
    );
}

#[both]
async fn nobody_signs_up_where_it_is_closed(options: Options) {
    let stack = options.set("AUTH_SIGNUP", "closed").start().await;
    stack.signup(Person::new().credentials()).await.assert_problem(403, "signup_closed");
    assert_eq!(Database::of(&stack).count("users").await, 0);
}

/// T118
#[both]
async fn there_is_nobody_before_the_first_signup(stack: TestStack) {
    assert_eq!(Database::of(&stack).count("users").await, 0);
    for name in ["admin", "root", "test", "jipbap", "admin@localhost", "admin@example.com"] {
        for password in ["admin", "root", "test", "password", "jipbap", ""] {
            stack.login_by_basic(name, password).await.assert_problem(401, "invalid_credentials");
        }
    }
}

#[both]
async fn one_who_signed_up_is_logged_in_and_can_log_in(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.me(&session).await.assert_status(200);
    stack.list_recipes(&session, "").await.assert_status(200);
    let again = stack.logged_in_again(&session.person()).await;
    assert_ne!(again.session_id, session.session_id);
    assert_eq!(again.user_id, session.user_id);
}

/// Says what an account looks like after a body that is accepted, or which member is refused.
async fn signed_up_with(stack: &TestStack, member: &str, value: Value) -> Result<String, (String, String)> {
    let mut body = Person::new().credentials();
    body[member] = value;
    let answer = stack.signup(body).await;
    if answer.status == 422 {
        let error = &answer.assert_problem(422, "validation_failed")["errors"][0];
        let text = |member: &str| error[member].as_str().expect("the kit has checked it").to_owned();
        return Err((text("pointer"), text("code")));
    }
    answer.assert_status(201);
    Ok(answer.json()["user"][member].as_str().expect("no text").to_owned())
}

#[both]
async fn who_is_anonymous_is_told_nothing_of_who_signed_up(stack: TestStack) {
    let session: Session = stack.logged_in().await;
    stack.user(Anonymous, &session.user_id).await.assert_problem(401, "missing_token");
    assert_eq!(text(&stack.me(&session).await, "email"), session.email);
}
