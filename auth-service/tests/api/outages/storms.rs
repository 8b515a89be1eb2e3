//! Floods that would take the database or the log along.

use futures_util::future::join_all;
use serde_json::json;
use testkit::journal::Watch;
use testkit::servers::Postgres;
use testkit::stack::{self, Options};
use testkit::{Backend, Stopwatch, TestStack, both, eventually};
use uuid::Uuid;

use crate::database::Database;

/// T226: the tag of a refresh token shows whether it is ours, so that a flood of others costs no query: they are refused
/// while there is no database at all.
#[test]
fn refresh_tokens_that_are_not_ours_never_reach_the_database() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let postgres = Postgres::own();
        let database = postgres.database("auth");
        let stack = options.set("AUTH_DATABASE_URL", database.url()).start().await;
        let token = stack.logged_in().await.refresh_token;
        postgres.process.kill().expect("not killed");
        stack.refresh(&token).await.assert_problem(503, "database_unavailable");

        // Another secret, and all else as it was: the version of the key and the session are real.
        let forged = |number: usize| {
            let secret: String = token[5..25].chars().rev().collect();
            format!("jrt1_{secret}{}{}", if number.is_multiple_of(2) { "A" } else { "B" }, &token[26..])
        };
        for answer in join_all((0..200).map(async |number| stack.refresh(&forged(number)).await)).await {
            answer.assert_problem(401, "refresh_token_invalid");
        }
    });
}

/// T229: who finds no connection is told so soon; whoever looks sees it, and afterwards all is as it was.
#[test]
fn a_pool_that_is_used_up_keeps_nobody_waiting_for_long() {
    stack::run(Backend::PostgresRedis, 1, async |stack: TestStack| {
        let session = stack.logged_in().await;
        let database = Database::of(&stack);
        let locked =
            "DO $$ BEGIN LOCK TABLE sessions, users IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(3); END $$";
        let storm = async {
            let is_locked = "SELECT count(*) AS value FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted \
                             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            let watcher = Database::of(&stack);
            eventually("the tables are locked", async || (watcher.number(is_locked).await > 0).then_some(()))
                .await;
            let asked = Stopwatch::start();
            let answers = join_all((0..40).map(async |_| {
                let answer = stack.me(&session).await;
                (answer, asked.elapsed())
            }));
            answers.await
        };
        let (_, answers) = tokio::join!(database.change(locked), storm);

        let refused: Vec<_> = answers.iter().filter(|(answer, _)| answer.status == 503).collect();
        assert!(!refused.is_empty(), "everybody was served");
        for (answer, took) in &refused {
            assert!(!answer.header("retry-after").is_empty(), "{answer}");
            assert!(took.as_millis() < 2_500, "refused after {took:?}");
        }
        assert!(answers.iter().all(|(answer, _)| [200, 503].contains(&answer.status)));
        let recovery = Stopwatch::start();
        eventually("it serves again", async || (stack.me(&session).await.status == 200).then_some(())).await;
        assert!(recovery.elapsed().as_secs() < 5);
    });
}

/// T231: what a stranger writes is in no line, so that a flood of long names cannot fill the disk.
#[both]
async fn a_long_name_is_in_no_line_of_the_log(stack: TestStack) {
    let marker = Uuid::new_v4().simple().to_string();
    let watch = Watch::for_text(&marker);
    let name = marker.repeat(10 * 1024 / marker.len());
    for body in [json!({ "email": name, "password": "a" }), json!({ "username": name, "password": name })] {
        let answers = join_all((0..50).map(async |_| stack.login(body.clone()).await));
        assert!(answers.await.iter().all(|answer| (400..500).contains(&answer.status)));
    }
    stack.signup(json!({ "email": "a@example.org", "password": "a", "name": name })).await.assert_status(422);
    assert_eq!(watch.lines(), Vec::<String>::new());
}
