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
