use reqwest::Method;

use crate::harness::{Answer, Kitchen, client};

const ID: &str = "/dishes/0190b6a0-0000-7000-8000-000000000000";

#[actix_rt::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let kitchen = Kitchen::open();
    for (method, path, allow) in [
        ("DELETE", "/dishes", "GET, HEAD, OPTIONS, POST"),
        ("POST", ID, "GET, HEAD, OPTIONS, PATCH"),
        ("HEAD", "/optional", "OPTIONS, POST"),
        ("TRACE", "/dishes", "GET, HEAD, OPTIONS, POST"),
        ("TRACK", "/dishes", "GET, HEAD, OPTIONS, POST"),
        ("QUACK", "/healthz", "GET, HEAD, OPTIONS"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = Answer::of(client().request(method.clone(), kitchen.url(path))).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
        if method != Method::HEAD {
            answer.assert_problem(405, "method_not_allowed");
        }
    }
}

#[actix_rt::test]
async fn pages_beside_the_routes_know_only_get() {
    let kitchen = Kitchen::open();
    for path in ["/openapi.json", "/docs/", "/problems/not_found"] {
        let answer = kitchen.post(path, "application/json", "{}").await;
        answer.assert_problem(405, "method_not_allowed");
        assert!(answer.header("allow").contains("GET"), "{path}");
    }
}

#[actix_rt::test]
async fn options_names_the_methods_of_a_path_that_is_there() {
    let kitchen = Kitchen::open();
    let answer = Answer::of(client().request(Method::OPTIONS, kitchen.url(ID))).await;
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD, OPTIONS, PATCH"));
    let answer = Answer::of(client().request(Method::OPTIONS, kitchen.url("/nowhere"))).await;
    answer.assert_problem(404, "not_found");
}

#[actix_rt::test]
async fn head_is_get_without_its_body() {
    let kitchen = Kitchen::open();
    let get = kitchen.get("/healthz").await;
    let head = Answer::of(client().head(kitchen.url("/healthz"))).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for name in ["content-length", "content-type", "x-content-type-options"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[actix_rt::test]
async fn a_method_cannot_be_overridden() {
    let kitchen = Kitchen::open();
    let request = client().get(kitchen.url("/healthz")).header("x-http-method-override", "DELETE");
    assert_eq!(Answer::of(request).await.status, 200);
}

#[actix_rt::test]
async fn another_spelling_of_a_path_is_not_found() {
    let kitchen = Kitchen::open();
    for path in [
        "//dishes",
        "/dishes/",
        "/Dishes",
        "/dishes;x=1",
        "/dishes%00",
        "/.env",
        "/.git/HEAD",
        "/metrics",
        "/admin",
    ] {
        let answer =
            kitchen.raw(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(answer.contains("\"not_found\""), "{path}: {answer}");
    }
}
