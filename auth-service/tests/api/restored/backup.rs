use std::time::Duration;

use testkit::journal::Watch;
use testkit::servers::Backup;
use testkit::{TestStack, both, eventually};

use super::{assert_refused_for_good, begin_again, logged_in_everywhere};
use crate::answers::{access_token, refresh_token};

/// A backup brings a session back that was logged out since: until it is said that the database was restored.
#[both]
async fn a_session_that_a_backup_brought_back_is_over(mut stack: TestStack) {
    let (kept, ended) = (stack.logged_in().await, stack.logged_in().await);
    let backup = Backup::of(stack.auth_database_url());
    stack.logout(&ended).await.assert_status(204);
    stack.refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
    let later = stack.logged_in().await;
    let copy_has_heard = async || {
        let answer = stack.list_recipes(&ended, "").await;
        (answer.status == 401).then_some(())
    };
    eventually("recipe-service has heard of it", copy_has_heard).await;

    stack.stop_auth(0);
    backup.restore().await;
    stack.start_auth_again(0).await;
    let revived = stack.refresh(&ended.refresh_token).await;
    assert_eq!(revived.status, 200, "the backup should know nothing of the log-out: {revived}");

    begin_again(&stack);

    let tokens = [&kept.access_token, &ended.access_token, &later.access_token, &access_token(&revived)];
    for token in tokens {
        assert_refused_for_good(&stack, token).await;
    }
    for token in [&kept.refresh_token, &ended.refresh_token, &refresh_token(&revived)] {
        stack.refresh(token).await.assert_problem(401, "session_ended");
    }
    stack.refresh(&later.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    for person in [&kept, &ended] {
        logged_in_everywhere(&stack, &stack, person).await;
    }
    // The backup knows nobody who came later.
    stack.login(later.person().credentials()).await.assert_problem(401, "invalid_credentials");
}

/// The other way round: first it is said, and then the servers start.
#[both]
async fn it_may_be_said_before_the_servers_start(mut stack: TestStack) {
    let ended = stack.logged_in().await;
    let backup = Backup::of(stack.auth_database_url());
    stack.logout(&ended).await.assert_status(204);
    stack.stop_auth(0);
    backup.restore().await;

    begin_again(&stack);
    stack.start_auth_again(0).await;

    stack.refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
    assert_refused_for_good(&stack, &ended.access_token).await;
    logged_in_everywhere(&stack, &stack, &ended).await;
}

/// An old copy of the database that comes back after a later life began is not followed: neither what it says nor what is
/// signed by its keys counts, until it is said that it was restored.
#[both]
async fn an_older_life_is_not_followed_when_it_comes_back(mut stack: TestStack) {
    let person = stack.logged_in().await;
    let backup = Backup::of(stack.auth_database_url());
    begin_again(&stack);
    let (stays, ended) = (
        logged_in_everywhere(&stack, &stack, &person).await,
        logged_in_everywhere(&stack, &stack, &person).await,
    );
    stack.logout(&ended).await.assert_status(204);
    assert_refused_for_good(&stack, &ended.access_token).await;

    stack.stop_auth(0);
    backup.restore().await;
    let watch = Watch::for_text(stack.auth_ops.addr.to_string());
    stack.start_auth_again(0).await;
    for feed in ["the feed of revocations", "the feed of people"] {
        eventually("it is said why it is not followed", async || {
            let lines = watch.lines();
            lines.iter().any(|line| line.contains(feed) && line.contains("an older epoch")).then_some(())
        })
        .await;
    }
    // It answers, and the tokens of its life are good where it is.
    let of_old = stack.logged_in_again(&person.person()).await;
    stack.me(&of_old).await.assert_status(200);
    stack.me(&person).await.assert_status(200);

    stack.clock.advance_unheard(Duration::from_secs(31));
    for _ in 0..50 {
        stack.list_recipes(&stays, "").await.assert_problem(503, "revocations_stale");
        for token in [&person.access_token, &of_old.access_token, &ended.access_token] {
            let answer = stack.list_recipes(token, "").await;
            assert!([401, 503].contains(&answer.status), "it is let in: {answer}");
        }
    }

    begin_again(&stack);
    for token in [&person, &of_old, &stays, &ended].map(|session| &session.access_token) {
        assert_refused_for_good(&stack, token).await;
    }
    logged_in_everywhere(&stack, &stack, &person).await;
}
