use testkit::servers::Redis;
use testkit::stack::{self, Options};
use testkit::{Backend, Session, TestStack, eventually};

use crate::answers::refresh_token;

async fn on(redis: &Redis, options: Options) -> TestStack {
    options.set("AUTH_REDIS_URL", redis.url()).set("RECIPES_REDIS_URL", redis.url()).start().await
}

async fn assert_ends(stack: &TestStack, session: &Session) {
    stack.logout(session).await.assert_status(204);
    stack.me(session).await.assert_problem(401, "token_revoked");
    stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
    eventually("recipe-service has heard of it", async || {
        let answer = stack.list_recipes(session, "").await;
        (answer.status == 401).then(|| answer.assert_problem(401, "token_revoked"))
    })
    .await;
}

/// Everything that auth-service does, one by one.
async fn assert_serves(stack: &TestStack) {
    let session = stack.logged_in().await;
    let again = stack.logged_in_again(&session.person()).await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    stack.refresh(&session.refresh_token).await.assert_status(200);
    stack.refresh(&next).await.assert_status(200);
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
    assert_ends(stack, &again).await;
}

/// What Redis says of a session that was ended.
async fn is_blocked(redis: &Redis, stack: &TestStack, session: &Session) -> bool {
    let client = redis::Client::open(redis.url()).expect("no address of Redis");
    let Ok(mut connection) = client.get_connection() else { return false };
    let key = format!("{}:blocklist:sid:{}", stack.redis_prefix(), session.session_id);
    redis::cmd("EXISTS").arg(key).query(&mut connection).unwrap_or(false)
}

/// T172, T096, T098: while Redis is down everything works, and takes effect over the feed.
#[test]
fn while_redis_is_down_everything_goes_on() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let (before, during) = (stack.logged_in().await, stack.logged_in().await);
        assert_ends(&stack, &before).await;
        eventually("the key is set", async || is_blocked(&redis, &stack, &before).await.then_some(())).await;

        redis.process.kill().expect("not killed");
        assert_serves(&stack).await;
        assert_ends(&stack, &during).await;
        // What was over stays over.
        stack.list_recipes(&before, "").await.assert_problem(401, "token_revoked");

        // It comes back empty, and what it missed is filled in.
        redis.process.start_again().expect("not started again");
        for session in [&before, &during] {
            eventually("the key is set again", async || {
                is_blocked(&redis, &stack, session).await.then_some(())
            })
            .await;
        }
        assert_serves(&stack).await;
    });
}

/// T172, T098: a Redis that does not answer holds nobody up.
#[test]
fn while_redis_hangs_everything_goes_on() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let during = stack.logged_in().await;

        redis.process.pause().expect("not paused");
        assert_serves(&stack).await;
        assert_ends(&stack, &during).await;

        redis.process.resume().expect("not resumed");
        eventually("the key is set", async || is_blocked(&redis, &stack, &during).await.then_some(())).await;
        assert_serves(&stack).await;
    });
}

/// T093: a Redis that was emptied mends itself, and lets in nobody meanwhile.
#[test]
fn a_redis_that_was_emptied_is_filled_again() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let session = stack.logged_in().await;
        assert_ends(&stack, &session).await;
        eventually("the key is set", async || is_blocked(&redis, &stack, &session).await.then_some(())).await;

        let client = redis::Client::open(redis.url()).expect("no address of Redis");
        redis::cmd("FLUSHALL").exec(&mut client.get_connection().expect("no Redis")).expect("not flushed");
        stack.list_recipes(&session, "").await.assert_problem(401, "token_revoked");
        eventually("the key is set again", async || is_blocked(&redis, &stack, &session).await.then_some(()))
            .await;
    });
}
