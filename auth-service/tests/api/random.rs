use testkit::{TestStack, both, python};

/// T219: what Schemathesis makes up for each operation is answered as the document has it, and never by a failure.
#[both]
async fn random_calls_find_nothing_that_is_not_documented(stack: TestStack) {
    let session = stack.logged_in().await;
    let document = stack.auth.url("/openapi.json");
    let found = python("random_calls.py", &[&document, &session.access_token, "8"]).await;
    assert!(found.contains("passed"), "{found}");
}
