use serde_json::json;
use testkit::{TestStack, both};

use super::Counter;

/// T201: the right bytes under another name are not read.
#[both]
async fn another_media_type_is_refused_with_those_that_are_read(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for media_type in [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/xml",
        "*/*",
        "json",
        "",
        "application/problem+json",
        "application/ld+json",
        "application/json, text/plain",
    ] {
        for (call, header, read) in calls(&counter) {
            let answer = call.body(media_type, "{\"title\":\"찌개\"}").send().await;
            answer.assert_problem(415, "unsupported_media_type");
            assert_eq!(answer.header(header), read, "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}

fn calls(counter: &Counter<'_>) -> [(testkit::client::Request, &'static str, &'static str); 3] {
    let [post, put, patch] = counter.calls();
    let both = "application/merge-patch+json, application/json";
    [
        (post, "accept-post", "application/json"),
        (put, "accept-post", "application/json"),
        (patch, "accept-patch", both),
    ]
}

/// T201
#[both]
async fn a_body_without_a_media_type_or_with_two_is_refused(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let token = &counter.session.access_token;
    for types in ["", "Content-Type: application/json\r\nContent-Type: application/json\r\n"] {
        let body = "{\"title\":\"x\"}";
        let head = format!(
            "POST /v1/recipes HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{types}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stack.recipes.raw(head).expect("no answer").assert_problem(415, "unsupported_media_type");
    }
    counter.assert_nothing_kept().await;
}

/// T205: nothing is inflated, so there is nothing to burst.
#[both]
async fn a_compressed_body_is_refused(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
        for call in counter.calls() {
            let call = call.header("content-encoding", coding);
            let answer = call.body("application/json", "{\"title\":\"x\"}").send().await;
            answer.assert_problem(415, "unsupported_media_type");
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
    counter.assert_nothing_kept().await;
}

#[both]
async fn a_media_type_may_be_written_in_any_way(stack: TestStack) {
    let session = stack.logged_in().await;
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        "application/json ; charset=\"utf-8\"",
    ] {
        let call = stack.recipes.post("/v1/recipes").bearer(&session);
        call.body(media_type, json!({ "title": "국" }).to_string()).send().await.assert_status(201);
    }
}
