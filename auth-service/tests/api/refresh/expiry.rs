use std::time::Duration;

use common::time::Instant;
use testkit::stack::Options;
use testkit::{TestStack, both};

use crate::answers::{access_token, refresh_token, text};

const DAY: Duration = Duration::from_secs(24 * 3600);
const SECOND: Duration = Duration::from_secs(1);

fn instant(answer: &testkit::Answer, member: &str) -> Instant {
    text(answer, member).parse().expect("no time")
}

#[both]
async fn the_answer_says_when_the_session_ends(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let first = stack.login(person.credentials()).await;
    let now = stack.clock.now();
    let near = |at: Instant, expected: Instant| at.since(expected) + expected.since(at) < 30 * SECOND;
    assert!(near(instant(&first, "refresh_expires_at"), now + 30 * DAY));
    assert!(near(instant(&first, "session_expires_at"), now + 90 * DAY));

    stack.clock.advance(20 * DAY).await;
    let next = stack.refresh(&refresh_token(&first)).await;
    assert!(near(instant(&next, "refresh_expires_at"), now + 50 * DAY));
    assert_eq!(text(&next, "session_expires_at"), text(&first, "session_expires_at"));
}

/// T162
#[both]
async fn a_session_that_is_not_used_for_thirty_days_is_over(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.clock.advance(30 * DAY - 60 * SECOND).await;
    let next = stack.refresh(&session.refresh_token).await;
    next.assert_status(200);

    stack.clock.advance(30 * DAY + SECOND).await;
    stack.refresh(&refresh_token(&next)).await.assert_problem(401, "refresh_token_expired");
    // It stays so, and what is older says nothing else.
    stack.refresh(&refresh_token(&next)).await.assert_problem(401, "refresh_token_expired");
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_expired");
}

/// T161
#[both]
async fn a_session_is_over_after_ninety_days_however_much_it_was_used(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut token = session.refresh_token;
    for _ in 0..4 {
        stack.clock.advance(20 * DAY).await;
        let next = stack.refresh(&token).await;
        next.assert_status(200);
        token = refresh_token(&next);
    }
    stack.clock.advance(9 * DAY).await;
    let last = stack.refresh(&token).await;
    last.assert_status(200);
    // Not used, it would not last beyond its end either.
    assert_eq!(text(&last, "refresh_expires_at"), text(&last, "session_expires_at"));

    stack.clock.advance(DAY + SECOND).await;
    stack.refresh(&refresh_token(&last)).await.assert_problem(401, "refresh_token_expired");
}

/// T160: the window is for answers that were lost, not for sessions that are over.
#[both]
async fn a_spent_token_of_an_expired_session_is_refused_within_the_window(options: Options) {
    let options = options.set("AUTH_REFRESH_IDLE_TTL", "5s").set("AUTH_REFRESH_MAX_TTL", "8s");
    let stack = options.set("AUTH_ROTATION_WINDOW", "1m").start().await;
    let session = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    stack.refresh(&session.refresh_token).await.assert_status(200);

    stack.clock.advance(Duration::from_secs(6)).await;
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_expired");
    stack.refresh(&next).await.assert_problem(401, "refresh_token_expired");
}

#[both]
async fn an_access_token_expires_and_its_session_goes_on(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.clock.advance(Duration::from_secs(14 * 60)).await;
    stack.me(&session).await.assert_status(200);

    stack.clock.advance(Duration::from_secs(120)).await;
    stack.me(&session).await.assert_problem(401, "token_expired");
    stack.list_recipes(&session, "").await.assert_problem(401, "token_expired");
    let next = stack.refresh(&session.refresh_token).await;
    stack.me(&access_token(&next)).await.assert_status(200);
}

#[both]
async fn lives_are_as_long_as_an_operator_says(options: Options) {
    let options = options.set("AUTH_ACCESS_TTL", "2m").set("AUTH_REFRESH_IDLE_TTL", "1h");
    let stack = options.set("AUTH_REFRESH_MAX_TTL", "90m").start().await;
    let session = stack.logged_in().await;
    let next = stack.refresh(&session.refresh_token).await;
    assert_eq!(next.json()["expires_in"], 120);
    stack.clock.advance(Duration::from_secs(151)).await;
    stack.me(&access_token(&next)).await.assert_problem(401, "token_expired");
    stack.clock.advance(Duration::from_secs(50 * 60)).await;
    let next = stack.refresh(&refresh_token(&next)).await;
    next.assert_status(200);
    stack.clock.advance(Duration::from_secs(40 * 60)).await;
    stack.refresh(&refresh_token(&next)).await.assert_problem(401, "refresh_token_expired");
}
