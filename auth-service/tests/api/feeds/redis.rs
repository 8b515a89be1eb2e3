//! What Redis holds for services in other languages, which check there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use redis::{Connection, FromRedisValue};
use serde_json::json;
use testkit::servers::redis as shared;
use testkit::{Backend, Session, TestStack, eventually, stack, two_copies};

use super::Reader;
use crate::database::Database;

const MINUTE_MS: i64 = 60_000;

/// The keys of one stack.
struct Keys {
    connection: Connection,
    prefix: String,
}

impl Keys {
    fn of(stack: &TestStack) -> Self {
        let client = redis::Client::open(shared().url()).expect("no address of Redis");
        let connection = client.get_connection().expect("no Redis");
        Self { connection, prefix: stack.redis_prefix().to_owned() }
    }

    fn ask<T: FromRedisValue>(&mut self, command: &str, key: &str) -> T {
        let key = format!("{}:{key}", self.prefix);
        redis::cmd(command).arg(key).query(&mut self.connection).expect("not answered")
    }

    fn set(&mut self, key: &str, value: &str) {
        let key = format!("{}:{key}", self.prefix);
        redis::cmd("SET").arg(key).arg(value).exec(&mut self.connection).expect("not set");
    }

    fn meta(&mut self) -> Option<String> {
        self.ask("GET", "meta")
    }

    /// For how many ms a key stands; below 0 it has no end (-1) or is not there (-2).
    fn stands(&mut self, key: &str) -> i64 {
        self.ask("PTTL", key)
    }

    /// Waits until a key is there.
    async fn until(&mut self, key: &str) {
        eventually(key, async || self.ask::<bool>("EXISTS", key).then_some(())).await;
    }

    async fn until_meta(&mut self, meta: &str) {
        eventually("everything is set", async || (self.meta().as_deref() == Some(meta)).then_some(())).await;
    }

    /// What `meta` says and whether these keys are there, at one moment.
    fn sight(&mut self, keys: &[String]) -> (Option<String>, i64) {
        let mut sight = redis::pipe();
        sight.atomic().cmd("GET").arg(format!("{}:meta", self.prefix)).cmd("EXISTS");
        keys.iter().for_each(|key| {
            sight.arg(format!("{}:{key}", self.prefix));
        });
        sight.query(&mut self.connection).expect("not answered")
    }
}

fn ended(session: &Session) -> String {
    format!("blocklist:sid:{}", session.session_id)
}

async fn epoch(stack: &TestStack) -> String {
    Reader::of_revocations(stack).read(stack, "").await.epoch
}

/// Ends a session as another program does that has no Redis: at this number, right after the others.
async fn end_elsewhere(stack: &TestStack, seq: i64, session: &str) {
    let database = Database::of(stack);
    let tag = format!("{seq:016x}");
    let row = format!("{seq}, '{tag}', 'session', '{session}', NULL, now() + interval '70 minutes'");
    database
        .change(format!("INSERT INTO revocations (seq, tag, kind, target, min_uv, until) VALUES ({row})"))
        .await;
    let head = format!("UPDATE feeds SET head = {seq}, tag = '{tag}' WHERE name = 'revocations'");
    database.change(head).await;
}

/// T084: every key outlives every token that it could concern, and no key but that of a signing key stays.
#[two_copies]
async fn what_was_ended_stands_as_long_as_a_token_lives(stack: TestStack) {
    let mut keys = Keys::of(&stack);
    let (one, all) = (stack.logged_in().await, stack.logged_in().await);
    stack.auth(0).logout(&one).await.assert_status(204);
    stack.auth(1).logout_of("all", &all).await.assert_status(204);
    let kid = stack.jwks().await.json()["keys"][0]["kid"].as_str().unwrap().to_owned();
    stack.as_operator(async |auth| auth.revoke_key(&kid).await.map(drop)).await.expect("not revoked");

    let head = format!("{} 4", epoch(&stack).await);
    keys.until_meta(&head).await;
    for key in [ended(&one), format!("minuv:{}", all.user_id)] {
        let stands = keys.stands(&key);
        assert!((69 * MINUTE_MS..=70 * MINUTE_MS).contains(&stands), "{key} stands for {stands} ms");
    }
    assert_eq!(keys.ask::<String>("GET", &format!("minuv:{}", all.user_id)), "1");
    assert_eq!(keys.stands(&format!("blocklist:kid:{kid}")), -1);
    // Nobody relies on keys that no copy has looked after for half a minute.
    assert!((1..=30_000).contains(&keys.stands("meta")));
}

/// `meta` says a number only once everything up to it is set, whoever ended what and in which order it was published.
#[two_copies]
async fn meta_never_passes_a_gap(stack: TestStack) {
    let mut keys = Keys::of(&stack);
    let epoch = epoch(&stack).await;
    for round in 0..10 {
        let (elsewhere, here) = (uuid::Uuid::now_v7().to_string(), stack.logged_in().await);
        let seq = 2 * round + 1;
        end_elsewhere(&stack, seq, &elsewhere).await;
        stack.auth(round as usize % 2).logout(&here).await.assert_status(204);
        let both = [format!("blocklist:sid:{elsewhere}"), ended(&here)];
        eventually("everything is set", async || {
            let (meta, set) = keys.sight(&both);
            let is_there = meta == Some(format!("{epoch} {}", seq + 1));
            assert!(!is_there || set == 2, "{meta:?}, and {set} of 2 keys are set");
            is_there.then_some(())
        })
        .await;
    }
}

/// T093: a Redis that was restored from before, or that belongs to another life of the database, is filled in.
#[two_copies]
async fn a_redis_of_before_is_filled_in(stack: TestStack) {
    let mut keys = Keys::of(&stack);
    let epoch = epoch(&stack).await;
    let sessions = [stack.logged_in().await, stack.logged_in().await];
    for session in &sessions {
        stack.logout(session).await.assert_status(204);
    }
    keys.until_meta(&format!("{epoch} 2")).await;
    let others = [
        format!("{epoch} 0"),
        format!("{epoch} 1"),
        format!("{epoch} 3"),
        format!("{} 2", uuid::Uuid::now_v7()),
        "nonsense".to_owned(),
        String::new(),
    ];
    for meta in others {
        keys.ask::<i64>("DEL", &ended(&sessions[1]));
        keys.set("meta", &meta);
        keys.until_meta(&format!("{epoch} 2")).await;
        keys.until(&ended(&sessions[1])).await;
    }
}

/// Nothing in Redis is shortened or lowered, whatever comes late.
#[two_copies]
async fn no_key_is_ever_shortened_or_lowered(stack: TestStack) {
    let mut keys = Keys::of(&stack);
    let (person, epoch) = (stack.logged_in().await, epoch(&stack).await);
    let min_uv = format!("minuv:{}", person.user_id);
    keys.set(&min_uv, "7");
    stack.logout_of("all", &person).await.assert_status(204);
    keys.until_meta(&format!("{epoch} 1")).await;
    assert_eq!(keys.ask::<String>("GET", &min_uv), "7");
    assert_eq!(keys.stands(&min_uv), -1);
}

/// T088: a `jti` is a name: what it looks like says nothing, and it ends what it names and no more.
#[test]
fn a_strange_jti_ends_its_own_token_alone() {
    stack::run(Backend::PostgresRedis, 1, async |stack: TestStack| {
        let (mut keys, forge, other) = (Keys::of(&stack), stack.forge().await, stack.logged_in().await);
        let (client, secret) = stack.client("recipes:read", "auth recipes").await;
        let own = forge.service_claims().with("client_id", json!(client));
        let own = own.with("sub", json!(format!("client:{client}")));
        let named = |jti: &str| forge.with_claims(own.clone().with("jti", json!(jti))).to_string();
        let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
        let id = uuid::Uuid::now_v7().to_string();
        let strange = [
            "*".to_owned(),
            "a:b:c".to_owned(),
            "with two spaces".to_owned(),
            "[a-z]?".to_owned(),
            format!("../sid:{}", other.session_id),
            ended(&other),
            "k".repeat(128),
            id.to_uppercase(),
        ];
        let (bystanders, epoch) = ([named("b"), named(&id), other.access_token.clone()], epoch(&stack).await);
        for (number, jti) in strange.iter().enumerate() {
            let token = named(jti);
            stack.list_recipes(&token, "").await.assert_status(200);
            let form =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("token", &token).finish();
            let request = stack.auth.post("/oauth2/revoke").header("authorization", &basic);
            request.body("application/x-www-form-urlencoded", form).send().await.assert_status(200);

            keys.until_meta(&format!("{epoch} {}", number + 1)).await;
            assert!(keys.ask::<bool>("EXISTS", &format!("blocklist:jti:{jti}")), "{jti}");
            eventually("it is refused", async || {
                (stack.list_recipes(&token, "").await.status == 401).then_some(())
            })
            .await;
            for bystander in &bystanders {
                stack.list_recipes(bystander, "").await.assert_status(200);
            }
        }
        // Longer than any that is believed.
        stack.list_recipes(&named(&"k".repeat(200)), "").await.assert_invalid_token();
    });
}

/// Services in other languages hear of another life of the keys, too: every key of before is refused for ever.
#[two_copies]
async fn after_a_restore_redis_refuses_every_key_of_before(stack: TestStack) {
    let mut keys = Keys::of(&stack);
    let old: Vec<String> = {
        let jwks = stack.jwks().await.json();
        let of = jwks["keys"].as_array().unwrap();
        of.iter().map(|key| format!("blocklist:kid:{}", key["kid"].as_str().unwrap())).collect()
    };
    keys.until_meta(&format!("{} 0", epoch(&stack).await)).await;

    let said = crate::restored::begin_again(&stack);

    let head = old.len() + 1;
    keys.until_meta(&format!("{} {head}", said["epoch"].as_str().unwrap())).await;
    for key in &old {
        assert_eq!(keys.stands(key), -1, "{key}");
    }
}
