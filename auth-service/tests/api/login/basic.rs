//! `Authorization: Basic` (RFC 7617).

use serde_json::json;
use testkit::client::Person;
use testkit::{Session, TestStack, both};

use crate::answers::but_for_its_request;

const CHALLENGE: &str = "Basic realm=\"jipbap\", charset=\"UTF-8\"";

#[both]
async fn either_name_opens_a_session_by_basic(stack: TestStack) {
    let person = Person { password: "국밥: 그릇 셋 & 반찬 열둘".to_owned(), ..Person::new() };
    let mut body = person.credentials();
    body["username"] = json!("chulsoo");
    stack.signup(body).await.assert_status(201);

    for name in [&*person.email, "chulsoo", "CHULSOO"] {
        // A password may hold the colon that ends the name, and any character.
        let answer = stack.login_by_basic(name, &person.password).await;
        answer.assert_status(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let session = Session::of(&answer, &person);
        stack.me(&session).await.assert_status(200);
    }
}

/// T103
#[both]
async fn who_tried_basic_is_asked_to_try_it_again(stack: TestStack) {
    let known = stack.logged_in().await.person();
    let wrong = stack.login_by_basic(&known.email, "wrong").await;
    wrong.assert_problem(401, "invalid_credentials");
    assert_eq!(wrong.header("www-authenticate"), CHALLENGE);

    for (name, password) in [("nobody@example.com", "wrong"), ("nobody", ""), ("", ""), (&*known.email, "")] {
        let refused = stack.login_by_basic(name, password).await;
        assert_eq!(but_for_its_request(&refused), but_for_its_request(&wrong), "{name:?} {password:?}");
    }
}

/// T007
#[both]
async fn what_is_no_basic_at_all_is_refused_like_a_wrong_password(stack: TestStack) {
    // Not base64; no colon; no UTF-8; nothing; unpadded.
    for credentials in ["", "!", "a2lt", "//79OmE=", "   ", "a2ltOmE", "a2ltOmE=="] {
        let request = stack.auth.post("/v1/login").header("authorization", format!("Basic {credentials}"));
        let answer = request.send().await;
        answer.assert_problem(401, "invalid_credentials");
        assert_eq!(answer.header("www-authenticate"), CHALLENGE, "{credentials:?}");
    }
}

#[both]
async fn the_scheme_is_known_in_any_case(stack: TestStack) {
    for scheme in ["basic", "BASIC", "bAsIc"] {
        let request = stack.auth.post("/v1/login").header("authorization", format!("{scheme} a2ltOmE="));
        request.send().await.assert_problem(401, "invalid_credentials");
    }
    for other in ["Digest a2ltOmE=", "Token x", "a2ltOmE=", "Negotiate"] {
        let request = stack.auth.post("/v1/login").header("authorization", other);
        request.send().await.assert_problem(400, "malformed_json");
    }
}

/// T008
#[both]
async fn credentials_come_in_one_place(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let basic = "Basic a2ltOmE=";
    let both = stack.auth.post("/v1/login").header("authorization", basic).json(&person.credentials());
    both.send().await.assert_problem(400, "multiple_credentials");
    let twice = stack.auth.post("/v1/login").header("authorization", basic).header("authorization", basic);
    twice.send().await.assert_problem(400, "multiple_credentials");
}

/// T106, T125: a password that no body could bring is wrong here, or too long for anybody.
#[both]
async fn odd_passwords_are_refused_for_everybody_alike(stack: TestStack) {
    let known = stack.logged_in().await.person();
    for name in [&*known.email, "nobody@example.com"] {
        for password in
            [format!("{}\0", known.password), format!("{0}\0{0}", known.password), "\0".to_owned()]
        {
            stack.login_by_basic(name, &password).await.assert_problem(401, "invalid_credentials");
        }
        let answer = stack.login_by_basic(name, &"a".repeat(257)).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], "/password");
    }
    stack.login_by_basic(&format!("{}\0", known.email), &known.password).await.assert_status(401);
}
