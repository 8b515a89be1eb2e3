//! What is promised of every answer, and what is refused of HTTP itself.

mod edge;
mod framing;
mod headers;
mod heavy;
mod methods;
mod paths;

use serde_json::json;
use testkit::TestStack;
use testkit::client::Session;

use crate::written::Written;

/// A request as it goes over the wire.
fn request(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{fields}\r\n")
}

async fn private_recipe(stack: &TestStack) -> (Session, Written) {
    let session = stack.logged_in().await;
    let recipe = Written::by(stack, &session, json!({ "title": "국" })).await;
    (session, recipe)
}
