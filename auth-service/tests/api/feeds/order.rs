use std::collections::HashSet;
use std::sync::mpsc;

use common::db::{Db, DbSettings, each};
use diesel::{RunQueryDsl, sql_query};
use futures_util::future::join_all;
use testkit::stack::{self, Options};
use testkit::{Backend, TestStack, eventually, everywhere};
use tokio::sync::oneshot;

use super::Reader;
use crate::database::Database;

/// The numbers are dense and in the order of commits: who reads on from a head misses nothing.
#[everywhere]
async fn a_reader_who_follows_misses_no_log_out(options: Options) {
    let stack = options.set("AUTH_WORKERS", "2").set("AUTH_DATABASE_POOL", "8").start().await;
    let reader = Reader::of_revocations(&stack);
    let mut sessions = Vec::new();
    // All at once would be more than a busy machine hashes before it sends some away.
    for _ in 0..10 {
        let more = (0..8).map(|n| stack.auth(n % stack.copies()).logged_in());
        sessions.extend(join_all(more).await);
    }

    let log_outs = join_all(sessions.iter().enumerate().map(async |(n, session)| {
        let client = stack.auth(n % stack.copies());
        let scope = if n % 4 == 0 { "all" } else { "local" };
        client.logout_of(scope, session).await.assert_status(204);
    }));
    let follow = async {
        let (mut page, mut seen) = (reader.read(&stack, "").await, Vec::new());
        let mut turn = 0;
        loop {
            seen.extend(page.events.clone());
            if seen.len() >= sessions.len() {
                return seen;
            }
            turn += 1;
            page = reader.after(stack.auth(turn % stack.copies()), &page).await;
        }
    };
    let (_, seen) = tokio::join!(log_outs, follow);

    let seqs: Vec<i64> = seen.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=sessions.len() as i64).collect::<Vec<_>>());
    let ended: HashSet<&str> = seen.iter().map(|event| event["id"].as_str().unwrap()).collect();
    for (n, session) in sessions.iter().enumerate() {
        let id = if n % 4 == 0 { &session.user_id } else { &session.session_id };
        assert!(ended.contains(&**id));
    }
}

/// One read serves all who wait, and nobody who asks after it began: what was acknowledged before is not in it.
#[test]
fn an_answer_is_never_older_than_its_question() {
    stack::run(Backend::PostgresRedis, 1, async |stack: TestStack| {
        let (revocations, people) = (Reader::of_revocations(&stack), Reader::of_people(&stack));
        let (session, start) = (stack.logged_in().await, revocations.read(&stack, "").await);
        let pass_by = async || {
            for _ in 0..20 {
                stack.auth_ops.get("/livez").send().await.assert_status(200);
            }
        };
        let (locked, is_locked) = oneshot::channel();
        let (release, released) = mpsc::channel::<()>();
        let holding = hold_people_events(stack.auth_database_url(), locked, released);

        let waiting = format!("{}&wait=1s", start.next());
        let early = revocations.ask(&stack, &waiting);
        let holds_the_look = async {
            is_locked.await.expect("the lock was not had");
            pass_by().await;
            people.ask(&stack, "").await
        };
        let late = async {
            let waits = "SELECT count(*) AS value FROM pg_locks WHERE NOT granted AND relation = 'people_events'::regclass";
            let database = Database::of(&stack);
            eventually("a look is under way", async || (database.number(waits).await > 0).then_some(()))
                .await;
            stack.logout(&session).await.assert_status(204);
            let arrived_and_released = async {
                pass_by().await;
                drop(release);
            };
            let after = start.next();
            let (page, ()) = tokio::join!(revocations.read(&stack, &after), arrived_and_released);
            page
        };
        let (held, _, _, page) = tokio::join!(holding, early, holds_the_look, late);
        held.expect("the lock was not let go");
        assert_eq!(page.ids(), [&*session.session_id]);
    });
}

/// Keeps whoever wants to read the feed of people waiting. A look reads it after the feed of revocations.
async fn hold_people_events(
    url: &str,
    locked: oneshot::Sender<()>,
    released: mpsc::Receiver<()>,
) -> Result<(), common::db::DbError> {
    let settings =
        DbSettings { url: url.to_owned(), pool: 1, synchronous_full: false, name: "other".to_owned() };
    let other = Db::open(settings).expect("the auth database cannot be opened");
    let lock = "LOCK TABLE people_events IN ACCESS EXCLUSIVE MODE";
    other
        .write(move |conn| {
            each!(conn, c => sql_query(lock).execute(c))?;
            locked.send(()).expect("nobody waits");
            let _ = released.recv();
            Ok(())
        })
        .await
}
