//! Versions of the key that refresh tokens are made with: added everywhere first, then used.

use std::path::Path;

use auth_service::domain::{RefreshKey, RefreshToken, SessionId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::secrets::{Secret, write_secret};
use testkit::{TestStack, both, eventually, two_copies};

use crate::answers::refresh_token;
use crate::database::Database;

/// Says in the database that this version of the key is in use, as every copy knows it.
async fn register(stack: &TestStack, version: u8, secret: &Secret) {
    let database = Database::of(stack);
    let value = database.bytes(&secret.check_value("refresh"));
    let statement =
        format!("INSERT INTO secret_checks (name, version, value) VALUES ('refresh', {version}, {value})");
    database.change(statement).await;
}

fn add_file(secrets_dir: &Path, version: u8, secret: &Secret) {
    let path = secrets_dir.join("auth").join(format!("refresh.{version}"));
    write_secret(&path, &secret.expose_text()).expect("the secret cannot be written");
}

/// A token of a version that says of itself that it is ours.
fn unknown_token(version: u8, secret: &Secret) -> String {
    let key = RefreshKey::new(version, secret);
    RefreshToken::first(SessionId::new(), &key).reveal(&key)
}

fn version_of(token: &str) -> u8 {
    *URL_SAFE_NO_PAD.decode(&token[5..]).expect("not base64url").last().expect("an empty token")
}

#[both]
async fn a_version_that_never_was_is_not_ours(stack: TestStack) {
    let session = stack.logged_in().await;
    for version in [0, 2, 255] {
        let token = unknown_token(version, &Secret::random());
        stack.refresh(&token).await.assert_problem(401, "refresh_token_invalid");
    }
    stack.refresh(&session.refresh_token).await.assert_status(200);
}

#[both]
async fn a_version_that_only_another_copy_has_is_our_trouble(stack: TestStack) {
    let secret = Secret::random();
    register(&stack, 2, &secret).await;
    let token = unknown_token(2, &secret);
    stack.refresh(&token).await.assert_problem(503, "keys_unavailable");
    stack.logout(&token).await.assert_problem(503, "keys_unavailable");

    // It comes, and with it the answer: there never was such a session.
    add_file(stack.secrets_dir(), 2, &secret);
    let answer = eventually("the secrets are read again", async || {
        let answer = stack.refresh(&token).await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    answer.assert_problem(401, "refresh_token_invalid");
}

/// T157: the same successor whichever copy is asked, and whichever key it would use itself.
#[two_copies]
async fn a_repetition_is_made_with_the_key_of_the_first_answer(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.auth(1).refresh(&session.refresh_token).await;
    assert_eq!(version_of(&refresh_token(&first)), 1);

    let secret = Secret::random();
    add_file(stack.secrets_dir(), 2, &secret);
    register(&stack, 2, &secret).await;
    // The first copy hears of the version, and makes new tokens with it from now on; the second has not heard of it.
    eventually("the first copy has the second version", async || {
        let answer = stack.auth(0).refresh(&unknown_token(2, &secret)).await;
        (answer.status == 401).then_some(())
    })
    .await;
    let newer = stack.auth(0).logged_in().await;
    assert_eq!(version_of(&newer.refresh_token), 2);

    let again = stack.auth(0).refresh(&session.refresh_token).await;
    assert_eq!(refresh_token(&again), refresh_token(&first));
    let next = stack.auth(0).refresh(&refresh_token(&first)).await;
    assert_eq!(version_of(&refresh_token(&next)), 2);
    // The second copy meets a successor of a version that it does not hold yet, and gets it.
    let repeated = eventually("the second copy reads its secrets again", async || {
        let answer = stack.auth(1).refresh(&refresh_token(&first)).await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    assert_eq!(refresh_token(&repeated), refresh_token(&next));
    stack.auth(1).refresh(&refresh_token(&repeated)).await.assert_status(200);
}
