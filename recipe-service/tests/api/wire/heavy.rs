use std::fmt::Write;

use serde_json::json;
use testkit::{Answer, TestStack, both};

use super::private_recipe;

/// T228: a header that is longer than any token is not looked at.
#[both]
async fn a_huge_credential_is_refused_unread(stack: TestStack) {
    let (session, recipe) = private_recipe(&stack).await;
    for credential in ["x".repeat(60_000), format!("{}.{}", session.access_token, "A".repeat(60_000))] {
        for _ in 0..50 {
            let answer = stack.recipe(&credential, &recipe.id).await;
            answer.assert_problem(401, "invalid_token");
        }
    }
    recipe.again(&stack, &session).await;
}

/// T232: many members, and many that a poor hash would put into one place.
#[both]
async fn many_members_cost_no_more_than_their_bytes(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut members = String::new();
    for number in 0..20_000 {
        write!(
            members,
            "\"{}\":0,",
            if number % 2 == 0 { format!("Aa{number}") } else { format!("BB{number}") }
        )
        .unwrap();
    }
    let body = format!("{{\"title\":\"국\",\"extras\":{{{}}}}}", members.trim_end_matches(','));
    let answer =
        stack.recipes.post("/v1/recipes").bearer(&session).body("application/json", body).send().await;
    assert!([413, 422].contains(&answer.status), "{answer}");
}

/// T233: depth and length of JSON.
#[both]
async fn neither_depth_nor_length_breaks_the_reader(stack: TestStack) {
    let session = stack.logged_in().await;
    let send = async |extras: String| -> Answer {
        let body = format!("{{\"title\":\"국\",\"extras\":{{\"x\":{extras}}}}}");
        stack.recipes.post("/v1/recipes").bearer(&session).body("application/json", body).send().await
    };
    for depth in [129, 1_000, 200_000] {
        send("[".repeat(depth) + &"]".repeat(depth)).await.assert_problem(400, "malformed_json");
        send("{\"x\":".repeat(depth) + "0" + &"}".repeat(depth)).await;
    }
    let long = send("9".repeat(1_000_000)).await;
    assert!([400, 413, 422].contains(&long.status), "{long}");
    let recipe = stack.create_recipe(&session, json!({ "title": "국" })).await;
    recipe.assert_status(201);
}
