use serde_json::Value;

use crate::harness::{Answer, Kitchen, client};

#[actix_rt::test]
async fn a_good_request_id_is_echoed_and_known_inside() {
    let kitchen = Kitchen::open();
    for id in ["a", "A-Z_0.9", &"x".repeat(64)] {
        let answer = Answer::of(client().get(kitchen.url("/whoami")).header("x-request-id", id)).await;
        assert_eq!((answer.header("x-request-id"), answer.json()["request_id"].as_str()), (id, Some(id)));
    }
}

#[actix_rt::test]
async fn a_bad_request_id_is_replaced() {
    let kitchen = Kitchen::open();
    for id in ["", "a b", &"x".repeat(65), &"x".repeat(10_000), "<script>", "국"] {
        let value = reqwest::header::HeaderValue::from_bytes(id.as_bytes()).unwrap();
        let answer = Answer::of(client().get(kitchen.url("/whoami")).header("x-request-id", value)).await;
        let made = answer.header("x-request-id");
        assert!(made != id && (1..=64).contains(&made.len()), "{made}");
        assert_eq!(answer.json()["request_id"], made);
    }
}

#[actix_rt::test]
async fn made_request_ids_differ() {
    let kitchen = Kitchen::open();
    let (one, other) = (kitchen.get("/whoami").await, kitchen.get("/whoami").await);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
}

#[actix_rt::test]
async fn a_traceparent_is_known_inside() {
    let kitchen = Kitchen::open();
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (sent, known) in [(good, Value::from(good)), ("nonsense", Value::Null)] {
        let answer = Answer::of(client().get(kitchen.url("/whoami")).header("traceparent", sent)).await;
        assert_eq!(answer.json()["traceparent"], known);
    }
}

#[actix_rt::test]
async fn every_answer_forbids_sniffing_and_names_no_server() {
    let kitchen = Kitchen::open();
    for path in ["/whoami", "/nowhere", "/panic", "/docs/", "/openapi.json"] {
        let answer = kitchen.get(path).await;
        assert_eq!(
            (answer.header("x-content-type-options"), answer.header("server")),
            ("nosniff", ""),
            "{path}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[actix_rt::test]
async fn other_origins_are_not_let_in() {
    let kitchen = Kitchen::open();
    let answer =
        Answer::of(client().get(kitchen.url("/whoami")).header("origin", "https://evil.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[actix_rt::test]
async fn an_endless_address_is_refused() {
    let kitchen = Kitchen::open();
    let path = format!("/dishes?language={}", "x".repeat(16_000));
    kitchen.get(&path).await.assert_problem(414, "uri_too_long");
}
