//! `AUTH_LEGACY_ERRORS` and `RECIPES_LEGACY_ERRORS`: errors as Flask-JWT-Extended itself answers them.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::client::{Anonymous, Jar, Person};
use testkit::stack::Options;
use testkit::{Answer, both, eventually, python};

use crate::answers::refresh_token;

/// What Flask-JWT-Extended answers, by what is wrong.
struct Theirs(Value);

impl Theirs {
    async fn ask() -> Self {
        Self(serde_json::from_str(&python("flask_errors.py", &[]).await).expect("not JSON"))
    }

    /// Checks that ours is the same, to the letter.
    #[track_caller]
    fn assert_same(&self, what: &str, ours: &Answer) {
        assert_eq!(json!([ours.status, ours.json()]), self.0[what], "{what}: {ours}");
        assert_eq!(ours.header("content-type"), "application/json", "{what}: {ours}");
        assert_eq!(ours.header("cache-control"), "no-store", "{what}: {ours}");
        assert!(ours.header("www-authenticate").starts_with("Bearer realm=\"jipbap\""), "{what}: {ours}");
        assert!(!ours.header("x-request-id").is_empty(), "{what}: {ours}");
    }
}

#[both]
async fn what_is_wrong_with_a_token_is_said_as_flask_says_it(options: Options) {
    let options = options.set("AUTH_LEGACY_ERRORS", "true").set("RECIPES_LEGACY_ERRORS", "true");
    let (stack, theirs) = (options.start().await, Theirs::ask().await);
    let (session, out) = (stack.logged_in().await, stack.logged_in().await);
    stack.logout(&out).await.assert_status(204);
    let soup = || json!({ "title": "국" });

    theirs.assert_same("missing", &stack.me(Anonymous).await);
    theirs.assert_same("missing", &stack.create_recipe(Anonymous, soup()).await);
    let forged = format!("{}AAAAAA", &session.access_token[..session.access_token.len() - 6]);
    theirs.assert_same("forged", &stack.me(&forged).await);
    theirs.assert_same("forged", &stack.list_recipes(&forged, "").await);
    theirs.assert_same("forged", &stack.me("nonsense").await);
    theirs.assert_same("revoked", &stack.me(&out).await);
    let refused = eventually("recipe-service has heard of it", async || {
        let answer = stack.list_recipes(&out, "").await;
        (answer.status == 401).then_some(answer)
    })
    .await;
    theirs.assert_same("revoked", &refused);
    theirs.assert_same("revoked", &stack.refresh(&out.refresh_token).await);
    theirs.assert_same("forged", &stack.refresh("jrt1_nonsense").await);

    stack.clock.advance(Duration::from_secs(6 * 60)).await;
    theirs.assert_same("not fresh", &stack.delete_me(&session, "").await);
    stack.clock.advance(Duration::from_secs(15 * 60)).await;
    theirs.assert_same("expired", &stack.me(&session).await);
    theirs.assert_same("expired", &stack.list_recipes(&session, "").await);
}

#[both]
async fn what_is_wrong_with_a_session_is_said_as_flask_says_it(options: Options) {
    let options = options.set("AUTH_LEGACY_ERRORS", "true").set("RECIPES_LEGACY_ERRORS", "true");
    let (stack, theirs) = (options.start().await, Theirs::ask().await);
    let (session, idle) = (stack.logged_in().await, stack.logged_in().await);
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    stack.refresh(&next).await.assert_status(200);
    theirs.assert_same("revoked", &stack.refresh(&session.refresh_token).await);

    let signup = stack.auth.post("/v1/signup?transport=cookie").header("origin", &stack.auth.public_url);
    let signup = signup.json(&Person::new().credentials()).send().await;
    let mut jar = Jar::default();
    jar.keep(signup.assert_status(201));
    let name = stack.auth.patch("/v1/me").merge_patch(&json!({ "name": "Mallory" }));
    for request in [name, stack.recipes.post("/v1/recipes").json(&json!({ "title": "국" }))] {
        let forged = request.cookies(&jar).header("x-csrf-token", "another");
        theirs.assert_same("csrf", &forged.send().await);
    }

    stack.clock.advance(Duration::from_secs(31 * 24 * 3600)).await;
    theirs.assert_same("expired", &stack.refresh(&idle.refresh_token).await);
}

/// Their clients look for `msg` wherever something went wrong.
#[both]
async fn other_problems_stay_what_they_are_and_have_a_msg_besides(options: Options) {
    let options = options.set("AUTH_LEGACY_ERRORS", "true").set("RECIPES_LEGACY_ERRORS", "true");
    let stack = options.start().await;
    let session = stack.logged_in().await;
    for (answer, status, code) in [
        (stack.auth.get("/v1/nothing").send().await, 404, "not_found"),
        (
            stack.login(json!({ "email": "a@example.com", "password": "bori cha 42" })).await,
            401,
            "invalid_credentials",
        ),
        (stack.create_recipe(&session, json!({})).await, 422, "validation_failed"),
        (stack.recipes.delete("/v1/recipes").send().await, 405, "method_not_allowed"),
    ] {
        let body = answer.assert_problem(status, code);
        assert_eq!(body["msg"], body["detail"], "{answer}");
    }
    let page = stack.auth.get("/problems/token_expired").send().await;
    page.assert_status(200);
}

#[both]
async fn errors_are_problems_unless_somebody_wants_the_others(stack: testkit::TestStack) {
    let body = stack.me(Anonymous).await.assert_problem(401, "missing_token");
    assert_eq!(body.get("msg"), None);
}
