//! What is no request: refused by name, with a 4xx, and nothing half-written (API.md §1).

use serde_json::{Value, json};
use testkit::client::{Person, Request};
use testkit::{Answer, Session, TestStack, both};

use crate::answers::assert_invalid;
use crate::database::Database;

/// A route that takes a body, with a good one.
struct Route {
    path: &'static str,
    is_patch: bool,
    body: Value,
}

/// Every route with a body, and a session whose token is good for those that want one.
async fn routes(stack: &TestStack) -> (Session, Vec<Route>) {
    let session = stack.logged_in().await;
    let token = json!({ "refresh_token": session.refresh_token });
    let routes = vec![
        Route { path: "/v1/signup", is_patch: false, body: Person::new().credentials() },
        Route { path: "/v1/login", is_patch: false, body: session.person().credentials() },
        Route { path: "/v1/refresh", is_patch: false, body: token.clone() },
        Route { path: "/v1/logout", is_patch: false, body: token },
        Route { path: "/v1/me", is_patch: true, body: json!({ "name": "Kim" }) },
    ];
    (session, routes)
}

impl Route {
    fn request(&self, stack: &TestStack, session: &Session, query: &str) -> Request {
        let path = format!("{}{query}", self.path);
        if self.is_patch { stack.auth.patch(&path).bearer(session) } else { stack.auth.post(&path) }
    }

    async fn send(&self, stack: &TestStack, session: &Session, body: impl Into<Vec<u8>>) -> Answer {
        self.request(stack, session, "").body("application/json", body.into()).send().await
    }

    /// The good body, with one more member in front.
    fn with(&self, member: &str) -> Vec<u8> {
        format!("{{{member},{}", &self.body.to_string()[1..]).into_bytes()
    }
}

/// T195
#[both]
async fn what_is_not_json_is_malformed(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    let before = Database::of(&stack).counts().await;
    for route in &routes {
        let good = route.body.to_string();
        let deep = format!("\"x\":{}{}", "[".repeat(300), "]".repeat(300));
        let bodies: Vec<Vec<u8>> = vec![
            b"{".to_vec(),
            b" ".to_vec(),
            b"nothing".to_vec(),
            format!("{good}x").into_bytes(),
            format!("{good}{good}").into_bytes(),
            format!("{good}/* comment */").into_bytes(),
            format!("\u{feff}{good}").into_bytes(),
            good.replace('"', "'").into_bytes(),
            format!("{},}}", &good[..good.len() - 1]).into_bytes(),
            good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            [&good.as_bytes()[..good.len() - 2], b"\xff\"}"].concat(),
            [&good.as_bytes()[..good.len() - 2], b"\xc0\x80\"}"].concat(),
            [&good.as_bytes()[..good.len() - 2], b"\xed\xa0\x80\"}"].concat(),
            [&good.as_bytes()[..good.len() - 2], b"\n\"}"].concat(),
            [&good.as_bytes()[..good.len() - 2], b"\\ud800\"}"].concat(),
            [&good.as_bytes()[..good.len() - 2], b"\\udc00\\ud800\"}"].concat(),
            route.with("\"x\":1e400"),
            route.with("\"x\":NaN"),
            route.with("\"x\":01"),
            route.with("\"x\":\"\\ud800\""),
            route.with("\"\\ud800\":1"),
            route.with(&deep),
        ];
        for body in bodies {
            let answer = route.send(&stack, &session, body.clone()).await;
            let problem = answer.assert_problem(400, "malformed_json");
            assert_eq!(problem.get("errors"), None, "{}", String::from_utf8_lossy(&body));
        }
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T195: an object is an object: a list of its values in the right order is none.
#[both]
async fn a_body_that_is_no_object_is_of_the_wrong_type(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    let before = Database::of(&stack).counts().await;
    for route in &routes {
        let mut values: Vec<Value> = route.body.as_object().unwrap().values().cloned().collect();
        let listed = Value::Array(values.clone());
        values.resize(5, Value::Null);
        for body in [
            json!([]),
            listed,
            Value::Array(values),
            json!("x"),
            json!(1),
            json!(true),
            json!(1.5),
            Value::Null,
        ] {
            let answer = route.send(&stack, &session, body.to_string()).await;
            assert_invalid(&answer, &[("", "wrong_type")]);
        }
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T145, T146, T190, T195
#[both]
async fn unknown_duplicate_and_nul_members_are_named_wherever_they_are(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    let before = Database::of(&stack).counts().await;
    for route in &routes {
        let refused = [
            (route.with("\"unknown\":1"), "/unknown", "unknown_member"),
            (route.with("\"~a/b\":1"), "/~0a~1b", "unknown_member"),
            (route.with("\"__proto__\":{}"), "/__proto__", "unknown_member"),
            (route.with("\"x\":\"a\\u0000b\""), "/x", "nul"),
            (route.with("\"x\":{\"y\":[1,\"\\u0000\"]}"), "/x/y/1", "nul"),
            (route.with("\"x\\u0000\":1"), "/x\0", "nul"),
            (route.with("\"x\":{\"y\":1,\"y\":2}"), "/x/y", "duplicate_member"),
        ];
        for (body, pointer, code) in refused {
            assert_invalid(&route.send(&stack, &session, body).await, &[(pointer, code)]);
        }
        let (name, value) = route.body.as_object().unwrap().iter().next().unwrap();
        let twice = route.with(&format!("\"{name}\":{value}"));
        assert_invalid(
            &route.send(&stack, &session, twice).await,
            &[(&format!("/{name}"), "duplicate_member")],
        );
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T201, T205
#[both]
async fn a_body_of_another_type_or_coding_is_refused(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    let before = Database::of(&stack).counts().await;
    let types = [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/xml",
        "application",
        "application/problem+json",
        "*/*",
    ];
    for route in &routes {
        let accepted = if route.is_patch {
            "application/merge-patch+json, application/json"
        } else {
            "application/json"
        };
        let header = if route.is_patch { "accept-patch" } else { "accept-post" };
        for content_type in types {
            let answer =
                route.request(&stack, &session, "").body(content_type, route.body.to_string()).send().await;
            answer.assert_problem(415, "unsupported_media_type");
            assert_eq!(answer.header(header), accepted, "{answer}");
        }
        for coding in ["gzip", "br", "deflate", "x"] {
            let request = route.request(&stack, &session, "").header("content-encoding", coding);
            let answer = request.json(&route.body).send().await;
            answer.assert_problem(415, "unsupported_media_type");
        }
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T220
#[both]
async fn a_body_may_have_sixty_four_kibibytes(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    const LIMIT: usize = 64 * 1024;
    for route in &routes {
        let good = route.body.to_string();
        let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
        for length in [LIMIT + 1, 10 * LIMIT] {
            let answer = route.send(&stack, &session, padded(length)).await;
            answer.assert_problem(413, "too_large");
        }
        // Announced and never sent: refused before it is waited for.
        let method = if route.is_patch { "PATCH" } else { "POST" };
        let head = format!(
            "{method} {} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: 104857600\r\nConnection: close\r\n\r\n",
            route.path, session.access_token
        );
        let announced = stack.auth.raw(if route.is_patch { head } else { without_authorization(&head) });
        announced.expect("no answer").assert_problem(413, "too_large");
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
    for route in routes.iter().filter(|route| route.path != "/v1/logout") {
        let good = route.body.to_string();
        let padded = format!("{good}{}", " ".repeat(LIMIT - good.len()));
        route.send(&stack, &session, padded).await.assert_ok();
    }
}

fn without_authorization(head: &str) -> String {
    head.split_inclusive("\r\n").filter(|line| !line.starts_with("Authorization:")).collect()
}

/// T009, T166
#[both]
async fn an_unknown_parameter_is_refused_by_name(stack: TestStack) {
    let (session, routes) = routes(&stack).await;
    let before = Database::of(&stack).counts().await;
    for route in &routes {
        for query in ["?x=1", "?x", "?access_token=x", "?x=1&x=2", "?%78=%00", "?=1"] {
            let answer = route.request(&stack, &session, query).json(&route.body).send().await;
            answer.assert_problem(400, "unknown_parameter");
        }
    }
    for path in ["/v1/me", "/v1/sessions", &format!("/v1/users/{}", session.user_id)] {
        let answer = stack.auth.get(&format!("{path}?fields=password")).bearer(&session).send().await;
        let problem = answer.assert_problem(400, "unknown_parameter");
        assert!(problem["detail"].as_str().unwrap().contains("fields"), "{answer}");
    }
    assert_eq!(Database::of(&stack).counts().await, before);
}

/// T199, T200
#[both]
async fn another_method_is_refused_with_those_that_are_known(stack: TestStack) {
    let session = stack.logged_in().await;
    let routes = [
        ("/v1/signup", "OPTIONS, POST"),
        ("/v1/login", "OPTIONS, POST"),
        ("/v1/refresh", "OPTIONS, POST"),
        ("/v1/logout", "OPTIONS, POST"),
        ("/v1/me", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("/v1/sessions", "GET, HEAD, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
    ];
    for (path, allow) in routes {
        let answer = stack.auth.put(path).bearer(&session).json(&json!({})).send().await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
    let over =
        stack.auth.get("/v1/me").bearer(&session).header("x-http-method-override", "DELETE").send().await;
    over.assert_status(200);
}

/// T209: a client would tidy these up before it sends them.
#[both]
async fn a_path_that_is_nearly_right_is_not_there(stack: TestStack) {
    let session = stack.logged_in().await;
    let paths = [
        "/v1/nothing",
        "/v1",
        "/",
        "/v1/me/",
        "//v1/me",
        "/v1/./me",
        "/v1/x/../me",
        "/v1/%2e/me",
        "/v1/%2e%2e/v1/me",
        "/V1/me",
        "/v1/ME",
        "/v1/me;x=1",
        "/v1/me%00",
        "/v1/me%20",
        "/v1%2fme",
        "/v1/users",
        "/v1/sessions/",
    ];
    for path in paths {
        let head = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        let answer = stack.auth.raw(format!("{head}Authorization: Bearer {}\r\n\r\n", session.access_token));
        answer.expect("no answer").assert_problem(404, "not_found");
    }
}

/// T206
#[both]
async fn every_answer_has_its_headers(stack: TestStack) {
    let session = stack.logged_in().await;
    let answers = [
        stack.login(session.person().credentials()).await,
        stack.login(json!({})).await,
        stack.refresh("x").await,
        stack.me(&session).await,
        stack.sessions(&session, "").await,
        stack.user(&session, &session.user_id).await,
        stack.me("x").await,
        stack.logout(&session).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
        assert_eq!(answer.header("server"), "", "{answer}");
        assert!(!answer.header("x-request-id").is_empty(), "{answer}");
        if !answer.body.is_empty() {
            assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        }
    }
}
