use recipe_service::domain::document::MAX_DOCUMENT_BYTES;
use recipe_service::domain::draft::Draft;
use recipe_service::domain::ids::PartId;
use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

/// A draft whose document has this many bytes as it is kept.
fn of_bytes(bytes: usize) -> Value {
    let draft = |last: usize| {
        let mut texts = vec!["x".repeat(10_000); 51];
        texts.push("x".repeat(last));
        titled("step_groups", json!([{ "items": texts }]))
    };
    let size = |draft: Value| {
        let draft: Draft = serde_json::from_value(draft).expect("the draft has the right types");
        serde_json::to_vec(&draft.accept(&mut PartId::new).expect("the draft is in order")).unwrap().len()
    };
    let last = bytes - size(draft(0));
    draft(last)
}

/// T220
#[both]
async fn a_document_has_512_kibibytes_at_most(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, of_bytes(MAX_DOCUMENT_BYTES)).await;
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    let over = of_bytes(MAX_DOCUMENT_BYTES + 1);
    let created = stack.create_recipe(&session, over.clone()).await;
    created.assert_problem(413, "too_large");
    let put = stack.replace_recipe(&session, &recipe.id, &recipe.etag, over.clone()).await;
    put.assert_problem(413, "too_large");
    let patch = stack.change_recipe(&session, &recipe.id, &recipe.etag, over).await;
    patch.assert_problem(413, "too_large");

    assert_eq!(shelf.contents().await, before);
    recipe.again(&stack, &session).await;
}

/// T220
#[both]
async fn a_body_has_a_mebibyte_at_most(stack: TestStack) {
    const MOST: usize = 1024 * 1024;
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    let body =
        |bytes: usize| format!("{{\"title\":\"국\"{}}}", " ".repeat(bytes - "{\"title\":\"국\"}".len()));
    let send = async |method: &str, path: &str, bytes: usize| {
        let request = stack.recipes.request(method.parse().unwrap(), path).bearer(&session);
        request.header("if-match", "*").body("application/json", body(bytes)).send().await
    };
    for (method, path, status) in
        [("POST", "/v1/recipes", 201), ("PUT", &recipe.path(), 200), ("PATCH", &recipe.path(), 200)]
    {
        send(method, path, MOST).await.assert_status(status);
        send(method, path, MOST + 1).await.assert_problem(413, "too_large");
    }
    // Announced and never sent: nobody waits for it.
    let token = &session.access_token;
    let head = format!(
        "POST /v1/recipes HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n"
    );
    let announced = stack.recipes.raw(format!("{head}Content-Length: 104857600\r\n\r\n{{"));
    announced.expect("no answer").assert_problem(413, "too_large");
    // Without a length, in pieces.
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let pieces =
        stack.recipes.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", piece.repeat(17)));
    pieces.expect("no answer").assert_problem(413, "too_large");
}
