//! `auth-service restored`: after the database came back from a backup, nothing from before counts.

mod backup;
mod life;
mod program;

use std::process::{Command, Output};

use serde_json::Value;
use testkit::client::Client;
use testkit::{Answer, Session, TestStack, eventually};

use crate::feeds::Reader;

/// Runs the program beside the servers of a stack.
pub fn restored(stack: &TestStack, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command.env_clear().env("AUTH_DATABASE_URL", stack.auth_database_url());
    command.env("AUTH_SECRETS_DIR", stack.secrets_dir()).env("AUTH_ISSUER", &stack.auth.public_url);
    command.arg("restored").args(arguments).output().expect("the program cannot be started")
}

/// Begins another life, and gives what the program says of it.
pub fn begin_again(stack: &TestStack) -> Value {
    let output = restored(stack, &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("not JSON")
}

/// Waits until every copy of recipe-service refuses a token, and checks that none takes it again.
async fn assert_refused_for_good(stack: &TestStack, token: &str) {
    for copy in 0..stack.copies() {
        eventually("recipe-service has heard of it", async || {
            (stack.recipes(copy).list_recipes(token, "").await.status == 401).then_some(())
        })
        .await;
    }
    for copy in 0..stack.copies() {
        for _ in 0..10 {
            let answer = stack.recipes(copy).list_recipes(token, "").await;
            assert!([401, 503].contains(&answer.status), "it is let in again: {answer}");
        }
        assert_eq!(stack.auth(copy).me(token).await.status, 401);
    }
}

/// Logs somebody in, once every copy of auth-service has the keys of the present life, and until they are let in everywhere.
async fn logged_in_everywhere(stack: &TestStack, by: &Client, person: &Session) -> Session {
    let epoch = Reader::of_revocations(stack).read(stack, "").await.epoch;
    for copy in 0..stack.copies() {
        eventually("the keys are of this life", async || {
            (stack.auth(copy).jwks().await.json()["epoch"] == *epoch).then_some(())
        })
        .await;
    }
    eventually("a new session is let in everywhere", async || {
        let session = by.logged_in_again(&person.person()).await;
        let mut answers: Vec<Answer> = Vec::new();
        for copy in 0..stack.copies() {
            answers.push(stack.auth(copy).me(&session).await);
            answers.push(stack.recipes(copy).list_recipes(&session, "").await);
        }
        answers.iter().all(|answer| answer.status == 200).then_some(session)
    })
    .await
}
