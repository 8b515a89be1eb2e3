use serde_json::json;
use testkit::{TestStack, both};

use super::{ADDRESS, imported, lines, page, stew};

const MAX_BYTES: usize = 8 * 1024 * 1024;

#[both]
async fn a_body_may_have_eight_mebibytes(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut html = page(ADDRESS, &stew("국"));
    html.push_str(&" ".repeat(MAX_BYTES - html.len()));
    imported(&stack.import_recipe(&session, "?dry_run=true", "text/html", html.clone()).await, 200);

    html.push(' ');
    stack.import_recipe(&session, "?dry_run=true", "text/html", html).await.assert_problem(413, "too_large");
}

/// What is read is named; another charset than UTF-8 is none of it.
#[both]
async fn other_media_types_and_charsets_are_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    for media_type in ["application/json", "text/html; charset=euc-kr", "text/css", ""] {
        let refused = stack.import_recipe(&session, "", media_type, "x").await;
        refused.assert_problem(415, "unsupported_media_type");
        let read = "text/html, application/ld+json, text/plain, text/markdown, text/x-cooklang";
        assert_eq!(refused.header("accept-post"), read);
    }
    let call = stack.recipes.post("/v1/imports").bearer(&session).body("text/plain", vec![0xb1, 0xe8]);
    call.send().await.assert_problem(415, "unsupported_media_type");
}

#[both]
async fn an_address_that_is_none_and_an_unknown_parameter_are_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    for query in [
        "?source_url=stew",
        "?source_url=javascript:alert(1)",
        "?source_url=file:///etc/passwd",
        "?dry_run=1",
    ] {
        let refused = stack.import_recipe(&session, query, "text/plain", "x").await;
        refused.assert_problem(400, "invalid_parameter");
    }
    let refused = stack.import_recipe(&session, "?url=https://example.org", "text/plain", "x").await;
    refused.assert_problem(400, "unknown_parameter");
}

/// What is more than is kept of a recipe is cut, and the report says so: an import is never refused for its length.
#[both]
async fn a_recipe_beyond_the_limits_is_cut_to_them(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut recipe = stew(&"국".repeat(300));
    recipe["recipeIngredient"] = json!(vec!["물 1컵"; 600]);
    recipe["description"] = json!("x".repeat(5_000));
    recipe["recipeInstructions"] = json!(vec!["\u{1}\"".repeat(9_000); 100]);
    recipe["image"] = json!(["javascript:alert(1)", "https://example.org/a.jpg"]);

    let body = imported(&stack.import_recipe(&session, "", "text/html", page(ADDRESS, &recipe)).await, 201);

    let kept = &body["recipe"];
    assert_eq!(kept["title"].as_str().unwrap().chars().count(), 200);
    assert_eq!(lines(kept).len(), 500);
    assert_eq!(kept["extras"]["images"], json!(["https://example.org/a.jpg"]));
    let dropped = body["report"]["dropped"].as_array().unwrap();
    for (member, reason) in [
        ("name", "too_long"),
        ("description", "too_long"),
        ("recipeIngredient", "too_many"),
        ("recipeInstructions", "too_many"),
    ] {
        let is_it = |entry: &&serde_json::Value| entry["member"] == member && entry["reason"] == reason;
        assert!(dropped.iter().any(|entry| is_it(&entry)), "{member} {reason} in {dropped:#?}");
    }
}
