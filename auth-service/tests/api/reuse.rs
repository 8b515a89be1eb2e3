//! POST /v1/refresh: a token that comes back.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Client;
use testkit::journal::Watch;
use testkit::{Session, TestStack, both, everywhere};

use crate::answers::{access_token, assert_revoked, refresh_token, text};
use crate::database::Database;

/// For how long a spent token gets the same answer once more, and how often (DESIGN.md §3).
const WINDOW: Duration = Duration::from_secs(10);
const MOST_REPLAYS: usize = 200;

/// A session and its next tokens, each got with the one before.
async fn refreshed(client: &Client, times: usize) -> (Session, Vec<String>) {
    let session = client.logged_in().await;
    let mut tokens = vec![session.refresh_token.clone()];
    for _ in 0..times {
        let answer = client.refresh(tokens.last().expect("the first")).await;
        tokens.push(refresh_token(&answer));
    }
    (session, tokens)
}

async fn assert_dead(stack: &TestStack, session: &Session, tokens: &[String], access_tokens: &[&str]) {
    for token in tokens {
        stack.refresh(token).await.assert_problem(401, "session_ended");
    }
    for token in access_tokens.iter().copied().chain([&*session.access_token]) {
        assert_revoked(stack, token).await;
    }
}

/// T151: outside of the window a spent token ends its session, whoever presents it.
#[everywhere]
async fn a_reused_refresh_token_ends_its_session(stack: TestStack) {
    let session = stack.logged_in().await;
    let second = stack.refresh(&session.refresh_token).await;
    stack.clock.advance(WINDOW).await;

    let reuse = stack.auth(stack.copies() - 1).refresh(&session.refresh_token).await;
    reuse.assert_problem(401, "refresh_token_reused");
    let tokens = [refresh_token(&second), session.refresh_token.clone()];
    assert_dead(&stack, &session, &tokens, &[&access_token(&second)]).await;
    // Nobody else is concerned: neither other sessions of the person nor other people.
    let again = stack.logged_in_again(&session.person()).await;
    stack.me(&again).await.assert_status(200);
}

/// T151, T153, T159: the window is for the last step alone, however young the steps before it are.
#[everywhere]
async fn a_token_from_before_the_last_step_ends_its_session_at_once(stack: TestStack) {
    for back in [2, 3] {
        let (session, tokens) = refreshed(&stack, 3).await;
        let reuse = stack.refresh(&tokens[3 - back]).await;
        reuse.assert_problem(401, "refresh_token_reused");
        assert_dead(&stack, &session, &tokens, &[]).await;
    }
}

/// T151: after the successor was used a retry of its predecessor is reuse, window or not.
#[both]
async fn once_the_successor_was_used_its_predecessor_is_spent(stack: TestStack) {
    let (session, tokens) = refreshed(&stack, 1).await;
    stack.refresh(&tokens[0]).await.assert_status(200);
    stack.refresh(&tokens[1]).await.assert_status(200);
    stack.refresh(&tokens[0]).await.assert_problem(401, "refresh_token_reused");
    assert_dead(&stack, &session, &tokens, &[]).await;
}

/// T157: who lost the answer asks again and gets the same, to the byte.
#[everywhere]
async fn an_answer_that_was_lost_is_given_again(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.refresh(&session.refresh_token).await;
    for step in 0..5 {
        let again = stack.auth(step % stack.copies()).refresh(&session.refresh_token).await;
        again.assert_status(200);
        for member in ["refresh_token", "refresh_expires_at", "session_expires_at", "session_id"] {
            assert_eq!(text(&again, member), text(&first, member));
        }
        assert_ne!(access_token(&again), access_token(&first));
        stack.me(&access_token(&again)).await.assert_status(200);
    }
    stack.refresh(&refresh_token(&first)).await.assert_status(200);
}

/// T158: the window begins with the first use of a token and does not slide with its repetitions.
#[both]
async fn the_window_does_not_slide(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    for _ in 0..3 {
        // Three seconds are left for the test itself.
        stack.clock.advance_unheard(WINDOW * 7 / 30);
        let again = stack.refresh(&session.refresh_token).await;
        assert_eq!(refresh_token(&again), next);
    }
    stack.clock.advance_unheard(WINDOW * 3 / 10);
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
    stack.refresh(&next).await.assert_problem(401, "session_ended");
}

/// T158: as an attack, again and again for five minutes.
#[both]
async fn who_keeps_on_repeating_a_token_gets_nothing_more(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.refresh(&session.refresh_token).await.assert_status(200);
    let mut answers = Vec::new();
    for _ in 0..40 {
        stack.clock.advance_unheard(Duration::from_secs(7));
        answers.push(stack.refresh(&session.refresh_token).await);
    }
    answers[0].assert_status(200);
    answers[1].assert_problem(401, "refresh_token_reused");
    for answer in &answers[2..] {
        answer.assert_problem(401, "session_ended");
    }
}

/// T157, T158: the repetitions are counted; beyond the count nothing is given, and nothing ended.
#[both]
async fn two_hundred_repetitions_are_enough(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    let answers = join_all((0..MOST_REPLAYS + 5).map(|_| stack.refresh(&session.refresh_token))).await;

    let (answered, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(answered.len(), MOST_REPLAYS);
    assert!(answered.iter().all(|answer| refresh_token(answer) == next));
    for answer in &refused {
        answer.assert_problem(429, "rate_limited");
        assert!(answer.header("ratelimit").contains("r=0"), "{answer}");
        assert!(answer.header("ratelimit-policy").contains("q=200"), "{answer}");
    }
    stack.refresh(&next).await.assert_status(200);
}

/// T158: a clock of the database that goes back does not open the window again.
#[both]
async fn a_step_in_the_future_is_outside_of_the_window(stack: TestStack) {
    let (_, tokens) = refreshed(&stack, 1).await;
    let database = Database::of(&stack);
    let ahead = match stack.backend() {
        testkit::Backend::Sqlite => "rotated_at + 3600000000",
        testkit::Backend::PostgresRedis => "rotated_at + interval '1 hour'",
    };
    database.change(format!("UPDATE sessions SET rotated_at = {ahead}")).await;
    stack.refresh(&tokens[0]).await.assert_problem(401, "refresh_token_reused");
    stack.refresh(&tokens[1]).await.assert_problem(401, "session_ended");
}

/// T151: a token that is ahead of its session means that the database was restored; nobody can tell what it missed.
#[both]
async fn a_token_from_after_a_restored_backup_ends_its_session(stack: TestStack) {
    let watch_for = stack.logged_in().await;
    let database = Database::of(&stack);
    let backup = ["generation", "secret_hash", "key_version", "prev_hash", "prev_key_version", "rotated_at"];
    let columns = backup.join(", ");
    database.change(format!("CREATE TABLE backup AS SELECT {columns} FROM sessions")).await;
    let next = refresh_token(&stack.refresh(&watch_for.refresh_token).await);
    let newest = refresh_token(&stack.refresh(&next).await);
    let restore: Vec<String> =
        backup.map(|column| format!("{column} = (SELECT {column} FROM backup)")).into();
    database.change(format!("UPDATE sessions SET {}", restore.join(", "))).await;

    let watch = Watch::for_text(watch_for.session_id.clone());
    stack.refresh(&newest).await.assert_problem(401, "refresh_token_reused");
    stack.refresh(&watch_for.refresh_token).await.assert_problem(401, "session_ended");
    let said = watch.lines();
    assert!(said.iter().any(|line| line.starts_with("ERROR") && line.contains("restored")), "{said:?}");
}

/// T151: what happened is written down, with both who presented the token and whose it was.
#[both]
async fn reuse_is_written_down_with_both_parties(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let login =
        stack.auth.post("/v1/login").header("user-agent", "owner/1").json(&person.credentials()).send().await;
    let session_id = text(&login, "session_id");
    let watch = Watch::for_text(session_id.clone());
    let next = refresh_token(&stack.refresh(&refresh_token(&login)).await);
    stack.refresh(&next).await.assert_status(200);

    let body = json!({ "refresh_token": refresh_token(&login) });
    let reuse = stack.auth.post("/v1/refresh").header("user-agent", "thief/2").json(&body).send().await;
    reuse.assert_problem(401, "refresh_token_reused");

    let database = Database::of(&stack);
    let of_reuse = "FROM audit WHERE event = 'refresh_token_reused'";
    let personal = database.texts(format!("SELECT CAST(personal AS TEXT) AS value {of_reuse}")).await;
    let personal: Value = serde_json::from_str(&personal[0]).unwrap();
    assert_eq!(personal["presenter"], json!({ "ip": "127.0.0.1", "user_agent": "thief/2" }));
    assert_eq!(personal["owner"], json!({ "ip": "127.0.0.1", "user_agent": "owner/1" }));
    let detail = database.texts(format!("SELECT CAST(detail AS TEXT) AS value {of_reuse}")).await;
    let detail: Value = serde_json::from_str(&detail[0]).unwrap();
    assert_eq!(detail, json!({ "presented": 0, "present": 2 }));
    let id = database.id(&session_id);
    assert_eq!(database.number(format!("SELECT count(*) AS value {of_reuse} AND session = {id}")).await, 1);
    assert!(watch.lines().iter().any(|line| line.starts_with("WARN")), "{:?}", watch.lines());
    let ended = database.texts(format!("SELECT end_reason AS value FROM sessions WHERE id = {id}")).await;
    assert_eq!(ended, ["refresh_token_reused"]);
}

/// T151: over is over: it is said once that a token was reused, then that the session has ended.
#[both]
async fn a_session_ends_once(stack: TestStack) {
    let (_, tokens) = refreshed(&stack, 2).await;
    stack.refresh(&tokens[0]).await.assert_problem(401, "refresh_token_reused");
    for token in &tokens {
        stack.refresh(token).await.assert_problem(401, "session_ended");
    }
    let database = Database::of(&stack);
    assert_eq!(database.count("revocations").await, 1);
    let reused = "SELECT count(*) AS value FROM audit WHERE event = 'refresh_token_reused'";
    assert_eq!(database.number(reused).await, 1);
}
