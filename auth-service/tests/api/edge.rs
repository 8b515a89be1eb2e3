//! Where clients come from, and whose scripts may call.

use serde_json::{Value, json};
use testkit::client::{Client, Person};
use testkit::stack::Options;
use testkit::{Session, TestStack, both};

const APP: &str = "https://app.example";

/// The address that is kept of a log-in with these headers.
async fn kept_address(client: &Client, forwarded: &[&str]) -> Value {
    let person = Person::new();
    client.signup(person.credentials()).await.assert_status(201);
    let mut login = client.auth.post("/v1/login");
    for line in forwarded {
        login = login.header("x-forwarded-for", line);
    }
    let login = login.header("forwarded", "for=192.0.2.60").header("x-real-ip", "192.0.2.61");
    let session = Session::of(&login.json(&person.credentials()).send().await, &person);
    client.sessions(&session, "").await.json()["items"][0]["ip"].clone()
}

/// nobody chooses the address that stands beside their session.
#[both]
async fn a_forwarding_header_of_a_stranger_does_nothing(stack: TestStack) {
    assert_eq!(kept_address(&stack, &["203.0.113.9"]).await, json!("127.0.0.1"));
    assert_eq!(kept_address(&stack, &["203.0.113.9, 127.0.0.1"]).await, json!("127.0.0.1"));
}

#[both]
async fn behind_trusted_proxies_a_session_has_the_address_of_its_client(options: Options) {
    let stack = options.set("AUTH_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8").start().await;
    assert_eq!(kept_address(&stack, &["203.0.113.9"]).await, json!("203.0.113.9"));
    assert_eq!(kept_address(&stack, &["1.1.1.1, 203.0.113.9", "10.1.2.3"]).await, json!("203.0.113.9"));
    assert_eq!(kept_address(&stack, &["1.1.1.1, unknown, 10.1.2.3"]).await, json!("10.1.2.3"));
}

/// T207
#[both]
async fn a_listed_origin_may_log_in(options: Options) {
    let stack = options.set("AUTH_CORS_ORIGINS", APP).start().await;
    let person = stack.logged_in().await.person();
    for (origin, allowed) in
        [(APP, APP), ("https://evil.example", ""), ("null", ""), ("http://app.example", "")]
    {
        let preflight = stack.auth.request("OPTIONS".parse().unwrap(), "/v1/login").header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "POST").send().await;
        preflight.assert_status(204);
        let login =
            stack.auth.post("/v1/login").header("origin", origin).json(&person.credentials()).send().await;
        login.assert_status(200);
        let refused = stack.auth.get("/v1/me").header("origin", origin).send().await;
        refused.assert_problem(401, "missing_token");
        for answer in [preflight, login, refused] {
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{answer}");
            assert!(answer.header("vary").contains("Origin"), "{answer}");
        }
    }
}

/// T198: the page that a problem's type leads to is there.
#[both]
async fn every_type_of_problem_has_a_page(stack: TestStack) {
    let document = stack.auth.get("/openapi.json").send().await.json();
    let codes = document.pointer("/components/schemas/Problem/properties/code/enum").unwrap();
    for code in codes.as_array().unwrap() {
        let code = code.as_str().unwrap();
        let page = stack.auth.get(&format!("/problems/{code}")).send().await;
        assert!(page.assert_status(200).text().contains(code), "{page}");
    }
}
