//! How a token comes along.

use common::ids::Uuid;
use serde_json::json;
use testkit::client::Anonymous;
use testkit::journal::Watch;
use testkit::{TestStack, both};

use super::door::{Door, PATH};

/// T001
#[both]
async fn a_good_token_is_believed(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.list_recipes(&session, "").await.assert_status(200);
}

/// T005
#[both]
async fn without_a_token_one_is_asked_for_and_no_error_is_named(stack: TestStack) {
    let answer = stack.create_recipe(Anonymous, json!({ "title": "국" })).await;
    answer.assert_problem(401, "missing_token");
    assert!(!answer.header("www-authenticate").contains("error"));
}

/// T006
#[both]
async fn the_scheme_may_be_written_in_any_case(stack: TestStack) {
    let door = Door::of(&stack).await;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let value = format!("{scheme} {}", door.forge.token());
        stack.recipes.get(PATH).header("authorization", value).send().await.assert_status(200);
    }
}

/// T007
#[both]
async fn what_is_no_bearer_token_is_no_credential(stack: TestStack) {
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    for value in [
        "Basic dXNlcjpwYXNzd29yZA==".to_owned(),
        format!("Token {token}"),
        format!("JWT {token}"),
        format!("Bearer:{token}"),
        format!("Bearer\t{token}"),
        format!("\"Bearer {token}\""),
        token.to_string(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer  ".to_owned(),
    ] {
        door.believes("the good token before", door.forge.token()).await;
        let answer = stack.recipes.get(PATH).header("authorization", &value).send().await;
        let code = if value.trim() == "Bearer" { "invalid_token" } else { "missing_token" };
        answer.assert_problem(401, code);
    }
}

/// T008
#[both]
async fn two_credentials_are_none(stack: TestStack) {
    let door = Door::of(&stack).await;
    let (good, bad) = (format!("Bearer {}", door.forge.token()), "Bearer bad".to_owned());
    let basic = "Basic dXNlcjpwYXNzd29yZA==".to_owned();
    for [first, second] in [[&good, &bad], [&bad, &good], [&good, &good], [&good, &basic], [&basic, &good]] {
        let request = stack.recipes.get(PATH).header("authorization", first).header("authorization", second);
        request.send().await.assert_problem(400, "multiple_credentials");
    }
    let in_one = [format!("{good}, {bad}"), format!("{bad}, {good}"), format!("{good},{good}")];
    for value in in_one {
        stack.recipes.get(PATH).header("authorization", value).send().await.assert_invalid_token();
    }
    door.believes("the good token after", door.forge.token()).await;
}

/// T009: a token in the query, in the body or in a cookie of another name is not looked at, and no log shows the query.
#[both]
async fn a_token_elsewhere_than_in_the_header_is_not_looked_at(stack: TestStack) {
    let door = Door::of(&stack).await;
    let marker = Uuid::now_v7().to_string();
    let watch = Watch::for_text(&marker);
    let token = door.forge.with_claims(door.forge.claims().with("jti", json!(marker))).to_string();
    let form = format!("access_token={token}");
    let requests = [
        stack.recipes.post(&format!("{PATH}?access_token={token}&marker={marker}")),
        stack.recipes.post(PATH).body("application/x-www-form-urlencoded", form),
        stack.recipes.post(PATH).header("cookie", format!("access_token={token}; token={token}")),
        stack.recipes.post(PATH).header("x-access-token", &token),
    ];
    for request in requests {
        door.believes("the good token before", door.forge.token()).await;
        request.send().await.assert_problem(401, "missing_token");
    }
    assert_eq!(watch.lines(), Vec::<String>::new());
}

/// T009: beside a header, a token in the query is a parameter that nobody knows.
#[both]
async fn a_token_in_the_query_beside_one_in_the_header_is_an_unknown_parameter(stack: TestStack) {
    let door = Door::of(&stack).await;
    let (token, good) = (door.forge.token().to_string(), door.forge.token().to_string());
    let answer = stack.recipes.get(&format!("{PATH}?access_token={token}")).bearer(&good).send().await;
    answer.assert_problem(400, "unknown_parameter");
    assert!(!answer.text().contains(&token));
}
