//! DELETE /v1/me, GET /v1/me/export.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::stack::Options;
use testkit::{Session, TestStack, both, eventually, everywhere};

use crate::answers::{access_token, members};
use crate::database::Database;

async fn recipe(stack: &TestStack, session: &Session, title: &str) -> String {
    let answer = stack.create_recipe(session, json!({ "title": title })).await;
    answer.assert_status(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// T062, T168: everything dies with an account: at once here, and within a moment at the recipes.
#[everywhere]
async fn a_deleted_account_is_over_everywhere(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in_again(&session.person()).await;
    let stranger = stack.logged_in().await;
    stack.delete_me(&session, "").await.assert_status(204);

    for ended in [&session, &other] {
        for copy in 0..stack.copies() {
            stack.auth(copy).me(ended).await.assert_problem(401, "token_revoked");
            stack.auth(copy).refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
            eventually("the recipes refuse the token", async || {
                (stack.recipes(copy).list_recipes(ended, "").await.status == 401).then_some(())
            })
            .await;
        }
    }
    stack.login(session.person().credentials()).await.assert_problem(401, "invalid_credentials");
    stack.delete_me(&session, "").await.assert_problem(401, "token_revoked");
    stack.me(&stranger).await.assert_status(200);
}

/// The address is free for whoever has it.
#[both]
async fn the_address_of_a_deleted_account_can_sign_up_again(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.delete_me(&session, "").await.assert_status(204);
    let again = stack.signup(session.person().credentials()).await;
    assert_ne!(again.assert_ok().json()["user"]["id"], session.user_id);
}

/// What happened stays written down; who it was is gone.
#[both]
async fn nothing_stays_that_tells_who_it_was(stack: TestStack) {
    let session = stack.logged_in().await;
    let names = json!({ "name": "Cheolsu Kim", "username": "cheolsu-kim" });
    stack.change_me(&session, names).await.assert_status(200);
    stack.login(json!({ "email": session.email, "password": "wrong password" })).await.assert_status(401);
    stack.delete_me(&session, "").await.assert_status(204);

    let database = Database::of(&stack);
    let personal = "SELECT CAST(personal AS TEXT) AS value FROM audit WHERE personal IS NOT NULL";
    assert_eq!(database.texts(personal).await, Vec::<String>::new());
    let events = database.texts("SELECT event AS value FROM audit ORDER BY id").await;
    assert_eq!(events, ["signed_up", "login_failed", "deleted"]);
    assert_eq!(database.count("credentials").await, 0);
    let left = "SELECT COALESCE(email, username, external_id, name) AS value FROM users";
    assert_eq!(database.texts(left).await, [""]);
    let whereabouts = "SELECT COALESCE(ip, user_agent) AS value FROM sessions";
    assert_eq!(database.texts(whereabouts).await, Vec::<String>::new());
    let people = database.texts("SELECT kind AS value FROM people_events ORDER BY seq").await;
    assert_eq!(people.last().unwrap(), "deleted");
}

/// Who tries a password while its account goes is written down as who tried one of nobody's: no deletion comes after.
#[both]
async fn what_is_refused_while_an_account_goes_is_not_written_down_under_it(options: Options) {
    let stack = options.set("AUTH_BCRYPT_COST", "9").set("AUTH_HASH_THREADS", "1").start().await;
    let session = stack.logged_in().await;
    let wrong = json!({ "email": session.email, "password": "wrong password" });
    let mut tries: FuturesUnordered<_> = (0..4).map(|_| stack.login(wrong.clone())).collect();
    // The others, too, know by now whose account it is, and wait for their hash.
    tries.next().await.unwrap().assert_problem(401, "invalid_credentials");
    stack.delete_me(&session, "").await.assert_status(204);
    while let Some(answer) = tries.next().await {
        answer.assert_problem(401, "invalid_credentials");
    }
    let database = Database::of(&stack);
    let left = "SELECT count(*) AS value FROM audit WHERE user_id IS NOT NULL AND personal IS NOT NULL";
    assert_eq!(database.number(left).await, 0);
    let tried = "SELECT count(*) AS value FROM audit WHERE event = 'login_failed'";
    assert_eq!(database.number(tried).await, 4);
}

/// By default all recipes go; who wants it leaves the published ones to everybody, without a name.
#[both]
async fn recipes_go_or_stay_as_their_owner_wants(stack: TestStack) {
    for (query, stays) in [("", false), ("?recipes=delete", false), ("?recipes=keep", true)] {
        let session = stack.logged_in().await;
        let (published, private) =
            (recipe(&stack, &session, "Kimchi").await, recipe(&stack, &session, "Secret").await);
        stack.publish_recipe(&session, &published).await.assert_status(204);
        stack.delete_me(&session, query).await.assert_status(204);

        let expected = if stays { 200 } else { 404 };
        let seen = eventually("the recipes heard of it", async || {
            let answer = stack.recipe(Anonymous, &published).await;
            let is_done = answer.status == 404 || answer.json()["owner"]["name"].is_null();
            (answer.status == expected && is_done).then_some(answer)
        })
        .await;
        if stays {
            assert_eq!(seen.json()["owner"]["name"], Value::Null);
        }
        stack.recipe(Anonymous, &private).await.assert_problem(404, "not_found");
    }
}

/// What cannot be taken back needs a password that was given lately.
#[both]
async fn only_who_proved_lately_who_they_are_deletes_an_account(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.clock.advance(Duration::from_secs(301)).await;
    let answer = stack.delete_me(&session, "").await;
    answer.assert_problem(401, "reauthentication_required");
    assert!(answer.header("www-authenticate").contains("max_age=300"), "{answer}");
    stack.me(&session).await.assert_status(200);

    let fresh = access_token(&stack.reauthenticate(&session, &session.password).await);
    stack.delete_me(&fresh, "?recipes=all").await.assert_problem(400, "invalid_parameter");
    stack.delete_me(&fresh, "?recipe=keep").await.assert_problem(400, "unknown_parameter");
    stack.delete_me(&fresh, "").await.assert_status(204);
}

#[both]
async fn an_operator_finds_a_deleted_account_no_more(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.delete_me(&session, "").await.assert_status(204);
    let found = stack.as_operator(async |auth| auth.known_as(&session.user_id).await.is_ok()).await;
    assert!(!found);
}

/// All that is kept, and no secret among it.
#[both]
async fn an_export_has_everything_but_secrets(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in_again(&session.person()).await;
    stack.logout(&other).await.assert_status(204);
    let stranger = stack.logged_in().await;

    let answer = stack.export(&session).await;
    answer.assert_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").starts_with("attachment"), "{answer}");
    let body = answer.json();
    let kept =
        ["awaited_email", "credentials", "events", "exported_at", "ext", "external_id", "sessions", "user"];
    assert_eq!(members(&body), kept);
    assert_eq!(body["user"], stack.me(&session).await.json());
    assert_eq!(body["credentials"][0]["kind"], "password");
    assert_eq!(body["sessions"][1]["end_reason"], "logged_out");
    assert_eq!(body["sessions"][0]["current"], true);
    let events: Vec<&Value> = body["events"].as_array().unwrap().iter().map(|e| &e["event"]).collect();
    assert_eq!(events, ["signed_up", "logged_in", "logged_out"]);
    assert_eq!(body["events"][1]["personal"]["ip"], "127.0.0.1");

    for secret in ["$2b$", "secret", "jrt1_", &stranger.email, &stranger.user_id] {
        assert!(!answer.text().contains(secret), "{secret}: {answer}");
    }
    stack.export(Anonymous).await.assert_problem(401, "missing_token");
}
