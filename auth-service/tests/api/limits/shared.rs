use testkit::servers::Redis;
use testkit::stack::{self, Options};
use testkit::{Backend, TestStack, two_copies};

use super::{LATE, exhaust, fail, from_anywhere};

async fn failures(stack: &TestStack, copy: usize, person: &testkit::client::Person) -> usize {
    exhaust(stack.auth(copy), person).await
}

/// T115: all copies count in one Redis, and a copy that starts again goes on where it was.
#[two_copies]
async fn copies_share_what_they_count_and_a_restart_forgets_nothing(options: Options) {
    let mut stack = from_anywhere(options).start().await;
    let owner = stack.logged_in().await.person();
    for copy in [0, 1, 0] {
        fail(stack.auth(copy), &owner).await.assert_status(401);
    }
    stack.stop_auth(0);
    stack.start_auth_again(0).await;
    let heard = failures(&stack, 1, &owner).await;
    assert!((3..=3 + LATE).contains(&heard), "{heard}");
    fail(stack.auth(0), &owner).await.assert_problem(429, "rate_limited");
}

/// T115: without Redis a process keeps its counts to itself, and they end with it.
#[test]
fn without_redis_the_counts_of_a_process_end_with_it() {
    stack::run(Backend::Sqlite, 1, async |options: Options| {
        let mut stack = from_anywhere(options).start().await;
        let owner = stack.logged_in().await.person();
        assert_eq!(failures(&stack, 0, &owner).await, 5 + 1);
        stack.stop_auth(0);
        stack.start_auth_again(0).await;
        assert_eq!(failures(&stack, 0, &owner).await, 5 + 1);
    });
}

async fn on(redis: &Redis, options: Options) -> TestStack {
    let options = options.set("AUTH_REDIS_URL", redis.url()).set("RECIPES_REDIS_URL", redis.url());
    from_anywhere(options).start().await
}

/// T116: while Redis is away each process counts for itself, to half of what is allowed.
#[test]
fn while_redis_is_down_limits_are_halved_and_not_gone() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let owner = stack.logged_in().await.person();
        fail(&stack, &owner).await.assert_status(401);

        redis.process.kill().expect("not killed");
        assert_eq!(failures(&stack, 0, &owner).await, 2 + 1);
        let session = stack.logged_in().await;
        stack.logged_in_again(&session.person()).await;
        stack.refresh(&session.refresh_token).await.assert_status(200);
    });
}

/// T116: a Redis that hangs holds nobody up for long, and is asked again when it is back.
#[test]
fn while_redis_hangs_limits_are_halved_and_not_gone() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let owner = stack.logged_in().await.person();
        redis.process.pause().expect("not paused");
        assert_eq!(failures(&stack, 0, &owner).await, 2 + 1);

        redis.process.resume().expect("not resumed");
        stack.clock.advance(std::time::Duration::from_secs(5)).await;
        // Redis has its own count; what it was asked while it hung it may count now.
        assert!((4 + 1..=5 + 1).contains(&failures(&stack, 0, &owner).await));
    });
}

/// What Redis holds tells nobody who it is about.
#[test]
fn redis_is_told_no_addresses_of_mail() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let owner = stack.logged_in().await.person();
        fail(&stack, &owner).await.assert_status(401);
        let mut connection = redis::Client::open(redis.url()).unwrap().get_connection().unwrap();
        let keys: Vec<String> = redis::cmd("KEYS").arg("*:limit:*").query(&mut connection).unwrap();
        assert!(!keys.is_empty());
        let local = owner.email.split('@').next().unwrap();
        assert!(keys.iter().all(|key| !key.contains(local)), "{keys:?}");
        for key in keys {
            let left: i64 = redis::cmd("PTTL").arg(&key).query(&mut connection).unwrap();
            assert!(left > 0, "{key} never ends");
        }
    });
}
