use std::collections::HashSet;
use std::time::Duration;

use common::time::Instant;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::journal::Watch;
use testkit::{Answer, TestStack, both, eventually, everywhere};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

/// A link as its maker is told of it.
struct Link {
    id: String,
    token: String,
    expires_at: Instant,
}

#[track_caller]
fn link(answer: &Answer) -> Link {
    let body = answer.assert_status(201).json();
    crate::openapi::assert_is("NewShare", &body);
    let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned();
    Link { id: text("id"), token: text("token"), expires_at: text("expires_at").parse().unwrap() }
}

#[track_caller]
fn listed(page: &Answer) -> Vec<String> {
    let body = page.assert_status(200).json();
    crate::openapi::assert_is("Page_Share", &body);
    let items = body["items"].as_array().expect("no items").clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[everywhere]
async fn whoever_has_the_link_reads_the_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let made = stack.share_recipe(&session, &recipe.id, json!({})).await;
    let link = link(&made);
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made.header("location"), format!("{}/shares/{}", recipe.path(), link.id));
    assert_eq!(made.json()["path"], format!("/v1/shared/{}", link.token));

    for copy in 0..stack.copies() {
        let shared = stack.recipes(copy).shared(&link.token).await;
        let body = shared.assert_status(200).json();
        crate::openapi::assert_is("Recipe", &body);
        assert_eq!((&body["id"], &body["title"]), (&json!(recipe.id), &json!("국")));
        assert_eq!(shared.header("cache-control"), "no-store");
        assert_eq!(shared.header("referrer-policy"), "no-referrer");
    }
    // The link opens nothing else.
    stack.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
    stack.recipe(&link.token, &recipe.id).await.assert_problem(401, "invalid_token");
    // It shows the recipe as it is now.
    let newer = stack.replace_recipe(&session, &recipe.id, &recipe.etag, titled("찌개")).await;
    newer.assert_status(200);
    assert_eq!(stack.shared(&link.token).await.json()["title"], "찌개");
}

#[both]
async fn a_link_leads_nowhere_once_it_has_expired(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let expires_at = stack.clock.now() + Duration::from_secs(600);
    let short = link(
        &stack.share_recipe(&session, &recipe.id, json!({ "expires_at": expires_at.to_string() })).await,
    );
    let long = link(&stack.share_recipe(&session, &recipe.id, json!({})).await);
    assert_eq!(short.expires_at, expires_at);
    stack.shared(&short.token).await.assert_status(200);

    stack.clock.advance(Duration::from_secs(601)).await;

    let refused = stack.shared(&short.token).await;
    refused.assert_problem(404, "not_found");
    assert_eq!(refused.header("cache-control"), "no-store");
    stack.shared(&long.token).await.assert_status(200);
    assert_eq!(listed(&stack.shares(&session, &recipe.id, "").await), [long.id]);
    // An hour later at most it is not even kept.
    stack.clock.advance(Duration::from_secs(3_600)).await;
    let shelf = Shelf::of(&stack);
    eventually("it is forgotten", async || (shelf.contents().await.shares == 1).then_some(())).await;
}

#[everywhere]
async fn a_link_leads_nowhere_once_it_is_ended(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let (first, second) = (
        link(&stack.share_recipe(&session, &recipe.id, json!({})).await),
        link(&stack.share_recipe(&session, &recipe.id, json!({})).await),
    );
    assert_eq!(listed(&stack.shares(&session, &recipe.id, "").await), [second.id.clone(), first.id.clone()]);
    let page = stack.shares(&session, &recipe.id, "?limit=1").await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = stack.shares(&session, &recipe.id, &format!("?cursor={cursor}")).await;
    assert_eq!(listed(&rest), std::slice::from_ref(&first.id));

    stack.revoke_share(&session, &recipe.id, &first.id).await.assert_status(204);

    for copy in 0..stack.copies() {
        stack.recipes(copy).shared(&first.token).await.assert_problem(404, "not_found");
        stack.recipes(copy).shared(&second.token).await.assert_status(200);
    }
    stack.revoke_share(&session, &recipe.id, &first.id).await.assert_problem(404, "not_found");
}

#[both]
async fn a_link_leads_nowhere_while_its_recipe_is_in_the_trash(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let link = link(&stack.share_recipe(&session, &recipe.id, json!({})).await);

    stack.delete_recipe(&session, &recipe.id, &recipe.etag).await.assert_status(204);
    stack.shared(&link.token).await.assert_problem(404, "not_found");
    stack.undelete_recipe(&session, &recipe.id).await.assert_status(200);
    stack.shared(&link.token).await.assert_status(200);
}

/// T183: links are made, seen and ended by the owner alone.
#[both]
async fn the_links_of_a_recipe_are_its_owners(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let private = Written::by(&stack, &session, titled("국")).await;
    let public = Written::by(&stack, &session, super::of_visibility("국", "public")).await;
    let others = Written::by(&stack, &other, titled("찌개")).await;
    let links = [
        link(&stack.share_recipe(&session, &private.id, json!({})).await),
        link(&stack.share_recipe(&session, &public.id, json!({})).await),
    ];
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    for ((recipe, link), (status, code)) in [(&private, &links[0]), (&public, &links[1])]
        .into_iter()
        .zip([(404, "not_found"), (403, "forbidden")])
    {
        stack.share_recipe(&other, &recipe.id, json!({})).await.assert_problem(status, code);
        stack.shares(&other, &recipe.id, "").await.assert_problem(status, code);
        stack.revoke_share(&other, &recipe.id, &link.id).await.assert_problem(status, code);
        // Nor by way of a recipe of one's own.
        stack.revoke_share(&other, &others.id, &link.id).await.assert_problem(404, "not_found");
    }

    assert_eq!(shelf.contents().await, before);
}

#[both]
async fn no_two_links_are_alike_and_none_can_be_guessed(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let mut tokens = HashSet::new();
    for _ in 0..5 {
        tokens.insert(link(&stack.share_recipe(&session, &recipe.id, json!({})).await).token);
    }
    assert_eq!(tokens.len(), 5);
    for token in &tokens {
        assert_eq!(token.len(), 22, "128 bits in base64url");
        for spoilt in
            [&token[1..], &format!("{token}A"), &format!("{token}=="), &token.to_lowercase(), "x", &recipe.id]
        {
            if spoilt != token {
                stack.shared(spoilt).await.assert_problem(404, "not_found");
            }
        }
    }
}

/// The token of a link is in its path, and in no log.
#[both]
async fn no_line_of_the_log_holds_a_link(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let link = link(&stack.share_recipe(&session, &recipe.id, json!({})).await);
    let watch = Watch::for_text(link.token.clone());

    stack.shared(&link.token).await.assert_status(200);
    stack
        .recipes
        .get(&format!("/v1/shared/{}?x=1", link.token))
        .send()
        .await
        .assert_problem(400, "unknown_parameter");
    stack
        .recipes
        .post(&format!("/v1/shared/{}", link.token))
        .send()
        .await
        .assert_problem(405, "method_not_allowed");
    stack.revoke_share(&session, &recipe.id, &link.id).await.assert_status(204);
    stack.shared(&link.token).await.assert_problem(404, "not_found");

    assert_eq!(watch.lines(), Vec::<String>::new());
}

#[both]
async fn a_link_expires_within_a_year(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let now = stack.clock.now();
    let day = Duration::from_secs(24 * 60 * 60);
    for wrong in [now - day, now, now + 367 * day] {
        let answer =
            stack.share_recipe(&session, &recipe.id, json!({ "expires_at": wrong.to_string() })).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], "/expires_at");
    }
    for wrong in [json!({ "expires_at": "soon" }), json!({ "expires_in": 5 }), json!([])] {
        stack.share_recipe(&session, &recipe.id, wrong).await.assert_problem(422, "validation_failed");
    }
    let empty = stack.recipes.post(&format!("{}/shares", recipe.path())).bearer(&session).send().await;
    let in_a_month = link(&empty).expires_at.since(now);
    assert!(in_a_month >= 30 * day && in_a_month < 31 * day);
    assert_eq!(stack.shares(&session, &recipe.id, "").await.json()["next_cursor"], Value::Null);
}
