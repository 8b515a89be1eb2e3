use std::process::Command;
use std::time::Duration;

use redis::Connection;
use serde_json::{Value, json};
use testkit::journal::Watch;
use testkit::servers::Redis;
use testkit::stack::{self, Options};
use testkit::{Backend, Session, TestStack, eventually};

use crate::answers::{assert_revoked, refresh_token};

async fn on(redis: &Redis, options: Options) -> TestStack {
    options.set("AUTH_REDIS_URL", redis.url()).set("RECIPES_REDIS_URL", redis.url()).start().await
}

async fn assert_ends(stack: &TestStack, session: &Session) {
    stack.logout(session).await.assert_status(204);
    stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
    assert_revoked(stack, &session.access_token).await;
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

fn connect(redis: &Redis) -> redis::RedisResult<Connection> {
    redis::Client::open(redis.url()).expect("no address of Redis").get_connection()
}

/// Runs a command as an operator of Redis, such as `CONFIG SET …`.
fn command(redis: &Redis, words: &[&str]) {
    let mut command = redis::cmd(words[0]);
    words[1..].iter().for_each(|word| {
        command.arg(word);
    });
    command.exec(&mut connect(redis).expect("no Redis")).expect("refused");
}

/// How many listen to the channel.
fn listeners(redis: &Redis, stack: &TestStack) -> i64 {
    let channel = format!("{}:events", stack.redis_prefix());
    let mut connection = connect(redis).expect("no Redis");
    let answer: (String, i64) =
        redis::cmd("PUBSUB").arg("NUMSUB").arg(channel).query(&mut connection).expect("no number");
    answer.1
}

fn publish(redis: &Redis, stack: &TestStack, message: &[u8]) {
    let channel = format!("{}:events", stack.redis_prefix());
    let listeners: i64 = redis::cmd("PUBLISH")
        .arg(channel)
        .arg(message)
        .query(&mut connect(redis).expect("no Redis"))
        .expect("not published");
    assert!(listeners > 0, "nobody listens");
}

/// Stores more than Redis has room for, so that it drops keys.
fn fill(redis: &Redis) {
    let mut connection = connect(redis).expect("no Redis");
    let filler = "x".repeat(16 * 1024);
    for number in 0..1_000 {
        let key = format!("filler:{number}");
        redis::cmd("SET").arg(key).arg(&filler).exec(&mut connection).expect("not stored");
    }
}

/// What auth-service says of its Redis.
async fn state(stack: &TestStack) -> String {
    let report = stack.auth_ops.get("/readyz").send().await.assert_status(200).json();
    let checks = report["checks"].as_array().expect("no checks");
    let check = checks.iter().find(|check| check["name"] == "redis").expect("nothing of Redis");
    check["state"].as_str().expect("no state").to_owned()
}

async fn until_state(stack: &TestStack, wanted: &str) {
    eventually(wanted, async || (state(stack).await == wanted).then_some(())).await;
}

/// What Redis says of a session that was ended.
async fn is_blocked(redis: &Redis, stack: &TestStack, session: &Session) -> bool {
    let Ok(mut connection) = connect(redis) else { return false };
    let key = format!("{}:blocklist:sid:{}", stack.redis_prefix(), session.session_id);
    redis::cmd("EXISTS").arg(key).query(&mut connection).unwrap_or(false)
}

async fn until_blocked(redis: &Redis, stack: &TestStack, session: &Session) {
    eventually("the key is set", async || is_blocked(redis, stack, session).await.then_some(())).await;
}

/// T172, T096, T098: while Redis is down everything works, and takes effect over the feed.
#[test]
fn while_redis_is_down_everything_goes_on() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let (before, during) = (stack.logged_in().await, stack.logged_in().await);
        assert_ends(&stack, &before).await;
        until_blocked(&redis, &stack, &before).await;

        redis.process.kill().expect("not killed");
        assert_serves(&stack).await;
        assert_ends(&stack, &during).await;
        // What was over stays over.
        stack.list_recipes(&before, "").await.assert_problem(401, "token_revoked");

        // It comes back empty, and what it missed is filled in.
        redis.process.start_again().expect("not started again");
        for session in [&before, &during] {
            until_blocked(&redis, &stack, session).await;
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
        until_blocked(&redis, &stack, &during).await;
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
        until_blocked(&redis, &stack, &session).await;

        command(&redis, &["FLUSHALL"]);
        stack.list_recipes(&session, "").await.assert_problem(401, "token_revoked");
        until_blocked(&redis, &stack, &session).await;
    });
}

/// T094
#[test]
fn a_redis_that_may_drop_keys_stops_the_start() {
    let redis = Redis::own_with(&["--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru"]);
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_auth-service"))
        .env_clear()
        .env("AUTH_LISTEN", "127.0.0.1:0")
        .env("AUTH_OPS_LISTEN", "127.0.0.1:0")
        .env("AUTH_DATA_DIR", folder.path())
        .env("AUTH_REDIS_URL", redis.url())
        .env("RUST_LOG", "off")
        .output()
        .expect("the program cannot be run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("AUTH_REDIS_URL") && said.contains("noeviction"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

/// T094: one that is told later to drop keys: it is said, and nobody relies on what is left of them.
#[test]
fn nobody_relies_on_a_redis_that_drops_keys() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let session = stack.logged_in().await;
        assert_ends(&stack, &session).await;
        until_blocked(&redis, &stack, &session).await;

        command(&redis, &["CONFIG", "SET", "maxmemory", "2mb", "maxmemory-policy", "allkeys-lru"]);
        fill(&redis);
        until_state(&stack, "evicting").await;
        let meta = format!("{}:meta", stack.redis_prefix());
        let is_there: bool = redis::cmd("EXISTS").arg(&meta).query(&mut connect(&redis).unwrap()).unwrap();
        assert!(!is_there, "a reader would rely on what was dropped");
        stack.list_recipes(&session, "").await.assert_problem(401, "token_revoked");
        assert_serves(&stack).await;

        command(&redis, &["CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction"]);
        until_state(&stack, "ready").await;
        until_blocked(&redis, &stack, &session).await;
    });
}

/// T095: where Redis has no room the database has it: what is acknowledged takes effect, and is in Redis once there is room.
#[test]
fn a_full_redis_loses_no_log_out() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own_with(&["--maxmemory-policy", "noeviction"]);
        let stack = on(&redis, options).await;
        let session = stack.logged_in().await;
        until_state(&stack, "ready").await;
        // Whatever it holds is more.
        command(&redis, &["CONFIG", "SET", "maxmemory", "1"]);

        assert_ends(&stack, &session).await;
        assert_serves(&stack).await;
        until_state(&stack, "unavailable").await;
        assert!(!is_blocked(&redis, &stack, &session).await, "it was not full");

        command(&redis, &["CONFIG", "SET", "maxmemory", "0"]);
        until_blocked(&redis, &stack, &session).await;
    });
}

/// T097: however long Redis is away, no valid token is refused for it, and no ended one is let in.
#[test]
fn without_redis_nobody_is_refused_for_it() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let (session, ended) = (stack.logged_in().await, stack.logged_in().await);
        assert_ends(&stack, &ended).await;

        redis.process.kill().expect("not killed");
        for _ in 0..3 {
            stack.clock.advance(Duration::from_secs(3 * 60)).await;
            stack.list_recipes(&session, "").await.assert_status(200);
            stack.create_recipe(&session, json!({ "title": "국" })).await.assert_status(201);
            stack.me(&session).await.assert_status(200);
            stack.list_recipes(&ended, "").await.assert_problem(401, "token_revoked");
        }
    });
}

/// T099: what is published while nobody is connected is heard over the feed, before any listener is back.
#[test]
fn what_a_cut_listener_misses_is_heard_all_the_same() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        for _ in 0..5 {
            let session = stack.logged_in().await;
            stack.list_recipes(&session, "").await.assert_status(200);
            command(&redis, &["CLIENT", "KILL", "TYPE", "pubsub"]);
            assert_ends(&stack, &session).await;
        }
    });
}

/// T100: what is published by whoever may publish is skipped, and blinds nobody.
#[test]
fn a_poisoned_channel_harms_nobody() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        let (session, ended) = (stack.logged_in().await, stack.logged_in().await);
        let jwks = stack.jwks().await.json();
        let (epoch, kid) = (&jwks["epoch"], &jwks["keys"][0]["kid"]);
        let event = |epoch: &Value, kind: &str, id: &Value| {
            json!({ "epoch": epoch, "kind": kind, "id": id, "until": i64::MAX }).to_string().into_bytes()
        };
        eventually("both listen", async || (listeners(&redis, &stack) == 2).then_some(())).await;

        let of_session = |until: &str| {
            format!(r#"{{"epoch":{epoch},"kind":"session","id":"x","until":{until}}}"#).into_bytes()
        };
        let poison = [
            b"x".to_vec(),
            b"".to_vec(),
            b"{}".to_vec(),
            b"\xff\xfe".to_vec(),
            vec![b'['; 100_000],
            vec![b' '; 1 << 20],
            of_session("-1"),
            of_session("-9223372036854775808"),
            of_session("1e400"),
            event(epoch, "unknown", &json!("x")),
            event(epoch, "session", &json!(7)),
            // Keys and other lives of them are believed from the feed alone.
            event(epoch, "key", kid),
            event(epoch, "keys_changed", &json!("")),
            event(&json!(uuid::Uuid::now_v7()), "session", &json!(session.session_id)),
            event(&json!(uuid::Uuid::nil()), "subject", &json!(session.user_id)),
        ];
        for message in poison {
            publish(&redis, &stack, &message);
            stack.list_recipes(&session, "").await.assert_status(200);
        }
        assert_ends(&stack, &ended).await;
        stack.list_recipes(&session, "").await.assert_status(200);
    });
}

/// T101: what the two services may do in Redis, and nothing besides.
#[test]
fn whoever_only_listens_may_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("secrets");
    let made = Command::new(env!("CARGO_BIN_EXE_auth-service")).arg("secrets").arg(&secrets).output();
    assert!(made.expect("the program cannot be run").status.success());
    let file = |name: &str| std::fs::read_to_string(secrets.join("compose").join(name)).expect("no file");
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        // The default user last, who is off from then on.
        for user in file("redis.acl").lines().rev() {
            let words: Vec<&str> = user.split_whitespace().skip(1).collect();
            command(&redis, &[&["ACL", "SETUSER"], &words[..]].concat());
        }
        let at = |file: String| file.replace("redis:6379", redis.url().trim_start_matches("redis://"));
        let (auth, recipes) = (at(file("auth-redis-url")), at(file("recipes-redis-url")));
        let options = options.set("AUTH_REDIS_URL", &auth).set("RECIPES_REDIS_URL", &recipes);
        let options = options.set("AUTH_REDIS_PREFIX", "jipbap").set("RECIPES_REDIS_PREFIX", "jipbap");
        let stack = options.start().await;
        until_state(&stack, "ready").await;
        let session = stack.logged_in().await;
        assert_ends(&stack, &session).await;

        let mut listener = redis::Client::open(recipes.trim()).unwrap().get_connection().expect("not let in");
        let key = format!("jipbap:blocklist:sid:{}", session.session_id);
        let forbidden: &[&[&str]] = &[
            &["SET", &key, "0"],
            &["DEL", &key],
            &["GET", &key],
            &["EXPIRE", &key, "1"],
            &["FLUSHALL"],
            &["FLUSHDB"],
            &["CONFIG", "GET", "*"],
            &["KEYS", "*"],
            &["SCAN", "0"],
            &["PUBLISH", "jipbap:events", "x"],
            &["EVAL", "return 1", "0"],
            &["ACL", "LIST"],
            &["SHUTDOWN"],
            &["CLIENT", "KILL", "TYPE", "normal"],
            &["SUBSCRIBE", "other:events"],
        ];
        for words in forbidden {
            let mut command = redis::cmd(words[0]);
            words[1..].iter().for_each(|word| {
                command.arg(word);
            });
            let refused = command.exec(&mut listener).expect_err("it is permitted");
            assert_eq!(refused.code(), Some("NOPERM"), "{words:?}: {refused}");
        }
        let mut stranger = redis::Client::open(redis.url()).unwrap().get_connection().expect("no Redis");
        let refused = redis::cmd("GET").arg(&key).exec(&mut stranger).expect_err("it is permitted");
        assert!(matches!(refused.code(), Some("NOAUTH" | "NOPERM")), "{refused}");
    });
}

/// Said once when it goes and once when it returns, however often it was tried meanwhile.
#[test]
fn an_outage_of_redis_is_said_once() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let redis = Redis::own();
        let stack = on(&redis, options).await;
        eventually("both listen", async || (listeners(&redis, &stack) == 2).then_some(())).await;
        let watch = Watch::for_text(stack.redis_prefix());
        let said = |level: &str, text: &str| {
            watch.lines().iter().filter(|line| line.starts_with(level) && line.contains(text)).count()
        };
        redis.process.kill().expect("not killed");
        eventually("it was tried again and again", async || (said("DEBUG", "still down") >= 6).then_some(()))
            .await;
        // Two listen: recipe-service, and auth-service for what other copies publish.
        assert_eq!(said("WARN", "the fast lane is down"), 2);

        redis.process.start_again().expect("not started again");
        eventually("both listen again", async || {
            (said("INFO", "listening on the fast lane") >= 2).then_some(())
        })
        .await;
        assert_eq!((said("WARN", ""), said("INFO", "listening on the fast lane")), (2, 2));
    });
}
