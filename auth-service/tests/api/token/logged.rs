//! What the log says of a token that was refused.

use serde_json::json;
use testkit::journal::Watch;
use testkit::stack::Options;
use testkit::{TestStack, both};
use uuid::Uuid;

#[both]
async fn the_log_says_why_a_token_was_refused_and_never_the_token(stack: TestStack) {
    let forge = stack.forge().await;
    let (zipped, other) = (
        forge.with_header(forge.header().with("zip", json!("DEF"))),
        forge.with_claims(forge.claims().with("aud", json!(["elsewhere"]))),
    );
    for (token, reason) in [(zipped, "not a strict JSON object"), (other, "not meant for this service")] {
        let watches =
            [&token.header, &token.payload, &token.signature].map(|part| Watch::for_text(part.clone()));
        for ask in [stack.auth.get("/v1/me"), stack.recipes.get("/v1/recipes")] {
            let id = Uuid::new_v4().to_string();
            let said = Watch::for_text(&id);
            let answer = ask.bearer(&token.to_string()).header("x-request-id", &id).send().await;
            answer.assert_invalid_token();
            assert!(!answer.text().contains(reason), "{answer}");
            let lines = said.lines();
            assert!(lines.iter().any(|line| line.contains(reason)), "{reason}: {lines:#?}");
        }
        // The header of a good token is that of many others.
        for watch in &watches[1..] {
            assert_eq!(watch.lines(), Vec::<String>::new());
        }
    }
}

/// T235: of a token that is believed, no line shows as much as its signature, wherever it came.
#[both]
async fn no_line_of_the_log_shows_a_token_that_is_believed(options: Options) {
    let options = options.set("AUTH_LEGACY_TOKEN_HEADER", "true").set("RECIPES_LEGACY_TOKEN_HEADER", "true");
    let stack = options.start().await;
    let session = stack.logged_in().await;
    let signature = session.access_token.rsplit('.').next().unwrap();
    let watches = [signature, &session.refresh_token].map(Watch::for_text);

    stack.me(&session).await.assert_status(200);
    stack.list_recipes(&session, "").await.assert_status(200);
    stack.create_recipe(&session, json!({ "title": "국" })).await.assert_status(201);
    for get in [stack.auth.get("/v1/me"), stack.recipes.get("/v1/recipes")] {
        get.header("x-access-token", &session.access_token).send().await.assert_status(200);
    }
    for get in [stack.auth.get("/v1/me"), stack.recipes.get("/v1/recipes")] {
        let cookie = format!("access={}", session.access_token);
        get.header("cookie", cookie).send().await.assert_status(200);
    }
    stack.refresh(&session.refresh_token).await.assert_ok();
    stack.refresh(&session.refresh_token).await.assert_ok();
    for path in ["/v1/refresh", "/v1/logout?scope=others"] {
        let call = stack.auth.post(path).header("origin", &stack.auth.public_url);
        call.header("cookie", format!("refresh={}", session.refresh_token)).send().await;
    }
    stack.logout(&session).await.assert_status(204);
    stack.me(&session).await.assert_problem(401, "token_revoked");
    stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");

    for watch in watches {
        assert_eq!(watch.lines(), Vec::<String>::new());
    }
}
