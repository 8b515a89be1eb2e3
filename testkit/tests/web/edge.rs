//! Other origins, and proxies in front.

use common::web::{Edge, Origins, Proxies};
use reqwest::{Method, RequestBuilder};

use crate::harness::{Answer, Kitchen, client};

const APP: &str = "https://app.example";

fn open_to_the_app() -> Kitchen {
    let cors_origins = Origins::parse("X", APP).unwrap();
    Kitchen::with_edge(Edge { cors_origins, ..Edge::default() })
}

fn preflight(kitchen: &Kitchen, path: &str, origin: &str) -> RequestBuilder {
    let request = client().request(Method::OPTIONS, kitchen.url(path)).header("origin", origin);
    request
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
}

/// T207
#[actix_rt::test]
async fn a_listed_origin_may_call_and_read_every_answer() {
    let kitchen = open_to_the_app();
    for path in ["/whoami", "/nowhere", "/panic", "/busy", "/dishes?what=1"] {
        let answer = Answer::of(client().get(kitchen.url(path)).header("origin", APP)).await;
        assert_eq!(answer.header("access-control-allow-origin"), APP, "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "true", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("x-request-id"), "{path}");
        assert!(answer.header("vary").contains("Origin"), "{path}");
    }
    let allowed = Answer::of(preflight(&kitchen, "/dishes", APP)).await;
    assert_eq!((allowed.status, allowed.text.as_str()), (204, ""));
    assert_eq!(allowed.header("access-control-allow-origin"), APP);
    assert_eq!(allowed.header("access-control-allow-methods"), "GET, HEAD, OPTIONS, POST");
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));
    Answer::of(preflight(&kitchen, "/nowhere", APP)).await.assert_problem(404, "not_found");
}

/// T207: no other origin is let in, whatever it looks like.
#[actix_rt::test]
async fn an_origin_that_is_not_listed_is_not_let_in() {
    let kitchen = open_to_the_app();
    for origin in [
        "https://evil.example",
        "null",
        "http://app.example",
        "https://app.example.evil.example",
        "https://app.example:444",
        "https://app.example/",
        "https://APP.example",
        "*",
        "https://xapp.example",
    ] {
        let get = client().get(kitchen.url("/whoami")).header("origin", origin);
        for answer in [Answer::of(get).await, Answer::of(preflight(&kitchen, "/dishes", origin)).await] {
            let told = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(told.count(), 0, "{origin}");
            // A cache must not answer the app with this one.
            assert!(answer.header("vary").contains("Origin"), "{origin}");
        }
    }
}

/// T207: the ops listener is for no browser.
#[actix_rt::test]
async fn the_ops_listener_is_open_to_no_origin() {
    let kitchen = open_to_the_app();
    let answer = Answer::of(client().get(kitchen.ops_url("/livez")).header("origin", APP)).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""));
}

async fn seen_as(kitchen: &Kitchen, forwarded: &[&str]) -> String {
    let mut request = client().get(kitchen.url("/whoami"));
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    let request = request.header("forwarded", "for=192.0.2.60").header("x-real-ip", "192.0.2.61");
    Answer::of(request).await.json()["client"].as_str().unwrap().to_owned()
}

#[actix_rt::test]
async fn a_forwarding_header_of_a_stranger_does_nothing() {
    for trusted in ["", "10.0.0.0/8"] {
        let trusted_proxies = Proxies::parse("X", trusted).unwrap();
        let kitchen = Kitchen::with_edge(Edge { trusted_proxies, ..Edge::default() });
        for forwarded in [&["203.0.113.9"][..], &["203.0.113.9, 10.1.2.3"], &["127.0.0.1"], &["\"", "::"]] {
            assert_eq!(seen_as(&kitchen, forwarded).await, "127.0.0.1", "{forwarded:?}");
        }
    }
}

#[actix_rt::test]
async fn behind_trusted_proxies_the_client_is_the_nearest_stranger() {
    let trusted_proxies = Proxies::parse("X", "127.0.0.0/8, 10.0.0.0/8").unwrap();
    let kitchen = Kitchen::with_edge(Edge { trusted_proxies, ..Edge::default() });
    for (forwarded, seen) in [
        (&["203.0.113.9"][..], "203.0.113.9"),
        (&["1.1.1.1, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (&["1.1.1.1", "203.0.113.9", "10.1.2.3"], "203.0.113.9"),
        (&["[2001:db8::1]:4711"], "2001:db8::1"),
        (&["1.1.1.1, unknown"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ] {
        assert_eq!(seen_as(&kitchen, forwarded).await, seen, "{forwarded:?}");
    }
}
