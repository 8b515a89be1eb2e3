//! Two copies of each service on one database behave as one.

use std::time::Duration;

use common::clock::Clock;
use futures_util::future::join_all;
use testkit::stack::Options;
use testkit::{Session, TestStack, two_copies};

use crate::answers::{access_token, refresh_token};

/// How soon after the answer to a log-out every verifier must refuse its tokens.
const BOUND: Duration = Duration::from_millis(100);
const LOG_OUTS: usize = 20;
/// Machines that run tests are busy: chance may exceed the bound once, a feed that is too slow does so every time.
const SERIES: usize = 5;

/// After a log-out was answered: when the last request was sent that a verifier still let in.
async fn last_let_in(stack: &TestStack, copy: usize, session: &Session, answered: Duration) -> Duration {
    let clock = Clock::system();
    let mut last = Duration::ZERO;
    loop {
        let sent = clock.boot();
        let answer = stack.recipes(copy).list_recipes(session, "").await;
        if answer.status == 401 {
            answer.assert_problem(401, "token_revoked");
            return last;
        }
        answer.assert_status(200);
        last = sent - answered;
        assert!(last < Duration::from_secs(10), "it is let in for ever");
    }
}

async fn longest_of_a_series(stack: &TestStack) -> Duration {
    let mut longest = Duration::ZERO;
    for number in 0..LOG_OUTS {
        let session = stack.logged_in().await;
        for copy in 0..stack.copies() {
            stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
        }
        stack.auth(number % stack.copies()).logout(&session).await.assert_status(204);
        let answered = Clock::system().boot();
        let lags = tokio::join!(
            last_let_in(stack, 0, &session, answered),
            last_let_in(stack, 1, &session, answered)
        );
        longest = longest.max(lags.0).max(lags.1);
    }
    longest
}

async fn assert_within_the_bound(stack: TestStack) {
    let mut longest = Vec::new();
    for _ in 0..SERIES {
        longest.push(longest_of_a_series(&stack).await);
        if longest.last().is_some_and(|longest| *longest <= BOUND) {
            return;
        }
    }
    panic!("let in after the log-out was answered, at most, in each series: {longest:?}");
}

/// T076, T092
#[two_copies]
async fn a_logout_at_one_copy_is_refused_by_every_verifier_at_once(stack: TestStack) {
    assert_within_the_bound(stack).await;
}

/// T076, T098: the feed alone is as good as Redis.
#[two_copies]
async fn a_logout_is_refused_by_every_verifier_at_once_without_redis(options: Options) {
    let stack = options.set("AUTH_REDIS_URL", "").set("RECIPES_REDIS_URL", "").start().await;
    assert_within_the_bound(stack).await;
}

/// Asks again and again until it was refused twenty times; once it is, it stays so.
async fn assert_refused_for_good(stack: &TestStack, copy: usize, session: &Session) {
    let mut refused = 0;
    while refused < 20 {
        let answer = stack.recipes(copy).list_recipes(session, "").await;
        match answer.status {
            200 => assert_eq!(refused, 0, "let in after it was refused"),
            _ => {
                answer.assert_problem(401, "token_revoked");
                refused += 1;
            }
        }
    }
}

/// T092: whoever reads sees a session end once, and no way back.
#[two_copies]
async fn no_reader_sees_an_ended_session_come_back(stack: TestStack) {
    let session = stack.logged_in().await;
    for copy in 0..stack.copies() {
        stack.recipes(copy).list_recipes(&session, "").await.assert_status(200);
    }
    let readers = join_all((0..100).map(|reader| assert_refused_for_good(&stack, reader % 2, &session)));
    let (_, answer) = tokio::join!(readers, stack.logout(&session));
    answer.assert_status(204);
}

/// T150: a session has no home: any copy goes on with what any other began.
#[two_copies]
async fn a_session_wanders_between_copies(stack: TestStack) {
    let session = stack.auth(0).logged_in().await;
    let mut token = session.refresh_token.clone();
    for step in 0..10 {
        let answer = stack.auth((step + 1) % 2).refresh(&token).await;
        stack.auth(step % 2).me(&access_token(&answer)).await.assert_status(200);
        token = refresh_token(&answer);
    }
    let other = stack.auth(1).logged_in_again(&session.person()).await;
    stack.auth(0).end_session(&session, &other.session_id).await.assert_status(204);
    stack.auth(1).refresh(&other.refresh_token).await.assert_problem(401, "session_ended");
    stack.auth(1).change_me(&session, serde_json::json!({ "name": "Kim" })).await.assert_status(200);
    assert_eq!(stack.auth(0).me(&session).await.json()["name"], "Kim");
    // A cursor of one copy's list is read by the other.
    stack.auth(0).logged_in_again(&session.person()).await;
    let page = stack.auth(0).sessions(&session, "?limit=1").await.json();
    let cursor = page["next_cursor"].as_str().expect("there is more");
    stack.auth(1).sessions(&session, &format!("?limit=1&cursor={cursor}")).await.assert_status(200);
}
