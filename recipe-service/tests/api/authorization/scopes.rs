use serde_json::json;
use testkit::{Answer, TestStack, both};

use crate::written::Written;

/// A token of a real login that was granted less.
async fn narrow(stack: &TestStack, person: &testkit::Session, scope: &str) -> String {
    let login = json!({ "email": person.email, "password": person.password, "scope": scope });
    stack.login(login).await.assert_ok().json()["access_token"].as_str().unwrap().to_owned()
}

/// RFC 6750 §3.1
#[track_caller]
fn assert_lacks(answer: &Answer, scope: &str) {
    let problem = answer.assert_problem(403, "insufficient_scope");
    assert!(problem["detail"].as_str().unwrap().contains(scope), "{answer}");
    let challenge = format!("Bearer realm=\"jipbap\", error=\"insufficient_scope\", scope=\"{scope}\"");
    assert_eq!(answer.header("www-authenticate"), challenge);
}

#[both]
async fn who_may_only_read_is_told_the_scope_that_writing_needs(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    let token = narrow(&stack, &session, "recipes:read").await;

    stack.recipe(&token, &recipe.id).await.assert_status(200);
    assert_lacks(&stack.create_recipe(&token, json!({ "title": "찌개" })).await, "recipes:write");
    assert_lacks(
        &stack.replace_recipe(&token, &recipe.id, "*", json!({ "title": "찌개" })).await,
        "recipes:write",
    );
    assert_lacks(
        &stack.change_recipe(&token, &recipe.id, "*", json!({ "title": "찌개" })).await,
        "recipes:write",
    );
    assert_lacks(&stack.delete_recipe(&token, &recipe.id, "*").await, "recipes:write");
    assert_lacks(&stack.publish_recipe(&token, &recipe.id).await, "recipes:write");
    assert_lacks(&stack.unpublish_recipe(&token, &recipe.id).await, "recipes:write");
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

#[both]
async fn a_scope_is_a_whole_word(stack: TestStack) {
    let session = stack.logged_in().await;
    let forge = stack.forge().await;
    for scope in [
        "",
        "recipes",
        "recipes:",
        "recipes:writes",
        "xrecipes:write",
        "recipes:write:all",
        "RECIPES:WRITE",
        "recipes:*",
        "*",
        "recipes:write,recipes:read",
        "recipes:write\trecipes:read",
        "recipes write",
    ] {
        let claims = forge.claims().with("sub", json!(session.user_id)).with("scope", json!(scope));
        let answer =
            stack.create_recipe(&forge.with_claims(claims).to_string(), json!({ "title": "국" })).await;
        assert!([401, 403].contains(&answer.status), "{scope:?}: {answer}");
    }
    let claims = forge.claims().with("scope", json!("other recipes:write"));
    let answer = stack.create_recipe(&forge.with_claims(claims).to_string(), json!({ "title": "국" })).await;
    answer.assert_status(201);
}

/// The scope is asked for before the body is looked at, and before what the call is about.
#[both]
async fn a_caller_without_the_scope_learns_nothing_else(stack: TestStack) {
    let session = stack.logged_in().await;
    let token = narrow(&stack, &session, "recipes:read").await;
    for body in ["", "{", "{\"title\":1}"] {
        let call = stack.recipes.post("/v1/recipes").bearer(&token);
        assert_lacks(&call.body("text/plain", body).send().await, "recipes:write");
    }
    let missing = stack
        .replace_recipe(&token, "0192f0c1-2d3e-7abc-8def-0123456789ab", "*", json!({ "title": "x" }))
        .await;
    assert_lacks(&missing, "recipes:write");
}

/// A program has no household, and its name begins otherwise than a person's.
#[both]
async fn a_service_owns_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let public = Written::by(&stack, &session, json!({ "title": "국", "visibility": "public" })).await;
    let forge = stack.forge().await;
    let token = forge.with_claims(forge.service_claims()).to_string();

    stack.recipe(&token, &public.id).await.assert_status(200);
    stack.list_recipes(&token, "").await.assert_status(200);
    stack.create_recipe(&token, json!({ "title": "찌개" })).await.assert_problem(403, "forbidden");
    stack.delete_recipe(&token, &public.id, "*").await.assert_problem(403, "forbidden");
}
