use serde_json::{Value, json};
use testkit::client::Person;
use testkit::{Answer, TestStack, both};

use crate::answers::{assert_invalid, but_for_its_request};
use crate::database::Database;

async fn send(stack: &TestStack, body: impl Into<String>) -> Answer {
    stack.auth.post("/v1/login").body("application/json", body.into()).send().await
}

/// T107
#[both]
async fn a_member_of_another_type_is_named(stack: TestStack) {
    let person = stack.logged_in().await.person();
    for member in ["email", "password", "scope"] {
        for value in [json!(1), json!(true), json!(["a"]), json!({ "a": 1 }), json!(1.5)] {
            let mut body = person.credentials();
            body[member] = value;
            let answer = stack.login(body).await;
            assert_invalid(&answer, &[(&format!("/{member}"), "wrong_type")]);
        }
    }
    for value in [json!(7), json!([])] {
        let body = json!({ "username": value, "password": person.password });
        assert_invalid(&stack.login(body).await, &[("/username", "wrong_type")]);
    }
    for (value, pointer) in
        [(json!("recipes"), "/audience"), (json!([1]), "/audience/0"), (json!({}), "/audience")]
    {
        let mut body = person.credentials();
        body["audience"] = value;
        assert_invalid(&stack.login(body).await, &[(pointer, "wrong_type")]);
    }
}

/// T107
#[both]
async fn what_is_missing_null_or_too_much_is_named(stack: TestStack) {
    let Person { email, password } = stack.logged_in().await.person();
    assert_invalid(&stack.login(json!({ "email": email })).await, &[("/password", "missing_member")]);
    let null = json!({ "email": email, "password": null });
    assert_invalid(&stack.login(null).await, &[("/password", "wrong_type")]);
    for nobody in [json!({ "password": password }), json!({ "email": null, "password": password })] {
        assert_invalid(&stack.login(nobody).await, &[("", "one_of")]);
    }
    let two = json!({ "email": email, "username": "chulsoo", "password": password });
    assert_invalid(&stack.login(two).await, &[("", "one_of")]);
    let more = json!({ "email": email, "password": password, "remember_me": true });
    assert_invalid(&stack.login(more).await, &[("/remember_me", "unknown_member")]);
}

/// T107
#[both]
async fn a_member_that_is_given_twice_is_refused(stack: TestStack) {
    let Person { email, password } = stack.logged_in().await.person();
    let bodies = [
        (format!(r#"{{"email":"{email}","password":"wrong","password":"{password}"}}"#), "/password"),
        (format!(r#"{{"email":"{email}","password":"{password}","p\u0061ssword":"wrong"}}"#), "/password"),
        (format!(r#"{{"email":"a@example.com","email":"{email}","password":"{password}"}}"#), "/email"),
    ];
    for (body, pointer) in bodies {
        assert_invalid(&send(&stack, body).await, &[(pointer, "duplicate_member")]);
    }
}

/// T109
#[both]
async fn a_nul_is_refused_by_name_before_any_database_sees_it(stack: TestStack) {
    let person = stack.logged_in().await.person();
    for member in ["email", "password", "scope"] {
        let mut body = person.credentials();
        body[member] = json!(format!("{}\0", body[member].as_str().unwrap_or("recipes:read")));
        assert_invalid(&stack.login(body).await, &[(&format!("/{member}"), "nul")]);
    }
    let body = json!({ "username": "kim\0", "password": person.password });
    assert_invalid(&stack.login(body).await, &[("/username", "nul")]);
}

/// T110
#[both]
async fn a_lone_surrogate_is_no_json(stack: TestStack) {
    let email = stack.logged_in().await.email;
    for text in ["\\ud800", "\\udc00", "a\\ud800b", "\\udc00\\ud800"] {
        send(&stack, format!(r#"{{"email":"{email}","password":"{text}"}}"#))
            .await
            .assert_problem(400, "malformed_json");
        send(&stack, format!(r#"{{"email":"{text}","password":"a"}}"#))
            .await
            .assert_problem(400, "malformed_json");
        send(&stack, format!(r#"{{"{text}":"a"}}"#)).await.assert_problem(400, "malformed_json");
    }
}

/// T106: said before anything is hashed or looked up, to everybody alike.
#[both]
async fn a_password_that_can_be_nobodys_says_nothing_of_the_account(stack: TestStack) {
    let known = stack.logged_in().await.email;
    let refused = [
        (json!("가".repeat(257)), "too_long"),
        (json!("a\0b"), "nul"),
        (json!(42), "wrong_type"),
        (json!(["a"]), "wrong_type"),
        (Value::Null, "wrong_type"),
    ];
    for (password, code) in refused {
        let mut answers = Vec::new();
        for email in [&known, &Person::new().email] {
            let answer = stack.login(json!({ "email": email, "password": password })).await;
            assert_invalid(&answer, &[("/password", code)]);
            answers.push(but_for_its_request(&answer));
        }
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(
        Database::of(&stack).number("SELECT count(*) AS value FROM audit WHERE event = 'login_failed'").await,
        0
    );
    let longest = json!({ "email": Person::new().email, "password": "가".repeat(256) });
    stack.login(longest).await.assert_problem(401, "invalid_credentials");
}

#[both]
async fn without_any_credentials_there_is_nothing_to_read(stack: TestStack) {
    stack.auth.post("/v1/login").send().await.assert_problem(400, "malformed_json");
    assert_invalid(&stack.login(Value::Null).await, &[("", "wrong_type")]);
    assert_eq!(Database::of(&stack).count("sessions").await, 0);
}
