//! Another life of the signing keys: the database was restored from a backup.

use std::time::Duration;

use serde_json::json;
use testkit::{Session, TestStack, both, eventually};
use uuid::Uuid;

use super::Reader;
use crate::database::Database;

/// Has the installation be in another life.
async fn begin(stack: &TestStack, epoch: &str) {
    let database = Database::of(stack);
    let epoch = database.id(epoch);
    assert_eq!(database.change(format!("UPDATE installation SET epoch = {epoch}")).await, 1);
}

async fn until_let_in(stack: &TestStack, session: &Session) {
    eventually("it is let in again", async || {
        let answer = stack.list_recipes(session, "").await;
        assert!([200, 503].contains(&answer.status), "a good token was refused: {answer}");
        (answer.status == 200).then_some(())
    })
    .await;
}

/// A backup knows nothing of what was ended since; whoever heard of it does not forget it.
#[both]
async fn a_restored_database_brings_back_nobody_who_was_sent_away(stack: TestStack) {
    let (ended, other) = (stack.logged_in().await, stack.logged_in().await);
    stack.logout(&ended).await.assert_status(204);
    let heard = async || {
        let answer = stack.list_recipes(&ended, "").await;
        (answer.status == 401).then_some(())
    };
    eventually("recipe-service has heard of it", heard).await;

    let database = Database::of(&stack);
    database.change("DELETE FROM revocations").await;
    database.change("UPDATE feeds SET head = 0, tag = '0' WHERE name = 'revocations'").await;
    let newer = Uuid::now_v7().to_string();
    begin(&stack, &newer).await;
    eventually("the keys are of the new life", async || {
        let answer = stack.list_recipes(&ended, "").await;
        assert!([401, 503].contains(&answer.status), "an ended session is let in: {answer}");
        (stack.jwks().await.json()["epoch"] == newer).then_some(())
    })
    .await;

    until_let_in(&stack, &other).await;
    eventually("it is said why", async || {
        let answer = stack.list_recipes(&ended, "").await;
        assert!([401, 503].contains(&answer.status), "an ended session is let in: {answer}");
        (answer.status == 401).then(|| drop(answer.assert_problem(401, "token_revoked")))
    })
    .await;
    // The new life is followed as the old one was.
    stack.logout(&other).await.assert_status(204);
    eventually("recipe-service has heard of it", async || {
        (stack.list_recipes(&other, "").await.status == 401).then_some(())
    })
    .await;
}

/// A copy of auth-service on an older database says nothing that counts: neither that all is well, nor of time.
#[both]
async fn what_an_older_life_says_counts_for_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let now = Reader::of_revocations(&stack).read(&stack, "").await.epoch;
    let older = "00000000-0000-7000-8000-000000000000";
    begin(&stack, older).await;
    stack.clock.advance_unheard(Duration::from_secs(6));
    let create = async || stack.create_recipe(&session, json!({ "title": "국" })).await;
    eventually("what was asked before is answered", async || (create().await.status == 503).then_some(()))
        .await;
    // It is asked again and again meanwhile.
    for _ in 0..100 {
        create().await.assert_problem(503, "revocations_stale");
    }
    stack.clock.advance_unheard(Duration::from_secs(25));
    for _ in 0..100 {
        stack.list_recipes(&session, "").await.assert_problem(503, "revocations_stale");
    }

    begin(&stack, &now).await;
    until_let_in(&stack, &session).await;
}
