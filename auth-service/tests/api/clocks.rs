//! Copies whose wall clocks are wrong: the time is the database's.

use std::time::Duration;

use common::time::Instant;
use futures_util::future::join_all;
use testkit::stack::Options;
use testkit::{Session, TestStack, both, two_copies};

use crate::answers::{access_token, claims, refresh_token, text};

const MINUTE_AND_A_HALF: i64 = 90 * 1_000_000;

/// Two copies of which one is ahead and the other behind.
async fn apart(options: Options) -> TestStack {
    options.skewed(0, MINUTE_AND_A_HALF).skewed(1, -MINUTE_AND_A_HALF).start().await
}

/// T173: what one copy signs, every other believes at once and for as long as it says.
#[two_copies]
async fn a_token_is_good_at_every_copy_whatever_its_clock(options: Options) {
    let stack = apart(options).await;
    for issuer in 0..stack.copies() {
        let session = stack.auth(issuer).logged_in().await;
        let issued = claims(&session.access_token)["iat"].as_i64().unwrap();
        assert!((issued - stack.clock.now().as_secs()).abs() < 30, "not the database's time");
        for copy in 0..stack.copies() {
            stack.auth(copy).me(&session).await.assert_status(200);
            stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
        }
    }

    let session = stack.auth(0).logged_in().await;
    // Nearly over, and over: for all of them at once.
    stack.clock.advance(Duration::from_secs(15 * 60)).await;
    for copy in 0..stack.copies() {
        stack.auth(copy).me(&session).await.assert_status(200);
        stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
    }
    stack.clock.advance(Duration::from_secs(31)).await;
    for copy in 0..stack.copies() {
        stack.auth(copy).me(&session).await.assert_problem(401, "token_expired");
        stack.recipes(copy).list_recipes(&session, "").await.assert_problem(401, "token_expired");
    }
}

/// T173: the first token that a copy ever sees is no exception.
#[both]
async fn a_copy_knows_the_time_before_its_first_request(options: Options) {
    for skew in [-10 * MINUTE_AND_A_HALF, 10 * MINUTE_AND_A_HALF] {
        let stack = options.clone().skewed(0, skew).start().await;
        let session = stack.logged_in().await;
        stack.me(&session).await.assert_status(200);
        stack.list_recipes(&session, "").await.assert_status(200);
    }
}

/// T173: F1 and F2: the window is the database's, whichever copy is asked.
#[two_copies]
async fn the_window_is_as_long_at_every_copy(options: Options) {
    let stack = apart(options).await;
    for first in 0..stack.copies() {
        let second = 1 - first;
        let session = stack.auth(first).logged_in().await;
        let next = refresh_token(&stack.auth(first).refresh(&session.refresh_token).await);
        let again = stack.auth(second).refresh(&session.refresh_token).await;
        assert_eq!(refresh_token(&again), next);

        stack.clock.advance(Duration::from_secs(10)).await;
        stack.auth(second).refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
        // F3
        for copy in 0..stack.copies() {
            stack.auth(copy).refresh(&next).await.assert_problem(401, "session_ended");
            stack.auth(copy).me(&session).await.assert_problem(401, "token_revoked");
        }
    }
}

/// T173: F1
#[two_copies]
async fn parallel_refreshes_get_one_successor_whatever_the_clocks(options: Options) {
    let stack = apart(options).await;
    let mut token = stack.logged_in().await.refresh_token;
    for _ in 0..10 {
        let answers = join_all((0..20).map(|n| stack.auth(n % stack.copies()).refresh(&token))).await;
        let next = refresh_token(&answers[0]);
        assert!(answers.iter().all(|answer| refresh_token(answer) == next));
        token = next;
    }
}

/// T173: the lives of sessions are the database's.
#[two_copies]
async fn a_session_ends_at_one_moment_for_every_copy(options: Options) {
    let options = options.set("AUTH_REFRESH_IDLE_TTL", "60s").set("AUTH_REFRESH_MAX_TTL", "90s");
    let stack = apart(options).await;
    let sessions: Vec<Session> = vec![stack.auth(0).logged_in().await, stack.auth(1).logged_in().await];
    stack.clock.advance(Duration::from_secs(40)).await;
    let mut tokens = Vec::new();
    for (copy, session) in sessions.iter().enumerate() {
        let answer = stack.auth(1 - copy).refresh(&session.refresh_token).await;
        let ends: Instant = text(&answer, "session_expires_at").parse().unwrap();
        assert!(ends.since(stack.clock.now()) < Duration::from_secs(51));
        stack.auth(copy).me(&access_token(&answer)).await.assert_status(200);
        tokens.push(refresh_token(&answer));
    }
    stack.clock.advance(Duration::from_secs(51)).await;
    for token in &tokens {
        for copy in 0..stack.copies() {
            stack.auth(copy).refresh(token).await.assert_problem(401, "refresh_token_expired");
        }
    }
}
