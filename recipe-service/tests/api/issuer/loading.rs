use std::time::Duration;

use common::db::{Db, DbSettings, each};
use diesel::{RunQueryDsl, sql_query};
use testkit::{Backend, TestStack, both, eventually};

use super::apart::Apart;

/// Has the auth database say that so many sessions were ended, besides those that were.
async fn end_many(stack: &TestStack, many: i64) {
    let numbers = match stack.backend() {
        Backend::Sqlite => format!(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many}) SELECT n, \
             printf('%016x', n), 'session', 'filled-' || n, NULL, (unixepoch('now') + 4000) * 1000000 FROM n"
        ),
        Backend::PostgresRedis => format!(
            "SELECT n, lpad(to_hex(n), 16, '0'), 'session', 'filled-' || n, NULL, now() + interval '1 hour' \
             FROM generate_series(1, {many}) n"
        ),
    };
    let url = stack.auth_database_url().to_owned();
    let db = Db::open(DbSettings { url, pool: 1, synchronous_full: false, name: "test".to_owned() })
        .expect("the auth database cannot be opened");
    let statements = [
        format!("INSERT INTO revocations (seq, tag, kind, target, min_uv, until) {numbers}"),
        format!("UPDATE feeds SET head = {many}, tag = '{many:016x}' WHERE name = 'revocations'"),
    ];
    let changed = db.write(move |conn| {
        for statement in statements {
            each!(conn, c => sql_query(statement).execute(c))?;
        }
        Ok(())
    });
    changed.await.expect("not changed");
}

/// Starts a service and asks it from its first byte on; whatever it says until it is ready, it lets nobody in.
async fn assert_never_lets_in(stack: &TestStack, token: &str) -> Apart {
    let apart = Apart::start_alone(stack).await;
    let ask = async || {
        let status = apart.list_recipes(token, "").await.status;
        assert!([401, 503].contains(&status), "let in while it was starting: {status}");
        status
    };
    assert_eq!(ask().await, 503);
    assert_eq!(apart.readiness().await, 503);
    apart.keys.mend();
    apart.feed.mend();
    // A key that is not published is refused before the copy is loaded.
    eventually("it is ready, and refuses for good reason", async || {
        let (status, readiness) = (ask().await, apart.readiness().await);
        (status == 401 && readiness == 200).then_some(())
    })
    .await;
    apart
}

/// T090
#[both]
async fn a_service_that_starts_knows_all_that_ended_before_it_lets_anyone_in(stack: TestStack) {
    end_many(&stack, 100_000).await;
    let (ended, other) = (stack.logged_in().await, stack.logged_in().await);
    // The last of them all.
    stack.logout(&ended).await.assert_status(204);
    let apart = assert_never_lets_in(&stack, &ended.access_token).await;
    apart.list_recipes(&other, "").await.assert_status(200);
    apart.list_recipes(&ended, "").await.assert_problem(401, "token_revoked");
}

/// T068: a thief of a key that was revoked long ago tries it on a service that has just started.
#[both]
async fn a_service_that_starts_knows_every_key_that_was_ever_revoked(stack: TestStack) {
    let (thief, session) = (stack.forge().await, stack.logged_in().await);
    let kid = thief.key.kid().to_owned();
    stack.as_operator(async |auth| auth.revoke_key(&kid).await.map(drop)).await.expect("not revoked");
    for days in [0, 1, 30, 3650] {
        stack.clock.advance(Duration::from_secs(days * 24 * 3600)).await;
        let apart = assert_never_lets_in(&stack, &thief.token().to_string()).await;
        apart.list_recipes(&session, "").await.assert_status(401);
        let renewed = stack.logged_in().await;
        apart.list_recipes(&renewed, "").await.assert_status(200);
    }
}
