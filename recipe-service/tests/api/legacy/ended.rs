//! What ends a person's tokens here ends their old ones, for good: the other issuer goes on making them.

use std::time::Duration;

use serde_json::json;
use testkit::client::Session;
use testkit::stack::Options;
use testkit::{Backend, Stopwatch, both, eventually, everywhere, stack};

use super::{Move, assert_refused};

#[derive(Clone, Copy, Debug)]
enum Way {
    Everywhere,
    Disabled,
    Password,
    Deleted,
    Roles,
}

const WAYS: [Way; 5] = [Way::Everywhere, Way::Disabled, Way::Password, Way::Deleted, Way::Roles];

impl Way {
    async fn end(self, at: &Move, person: &Session) {
        match self {
            Self::Everywhere => drop(at.logout_of("all", person).await.assert_status(204)),
            Self::Disabled => at.disable(&person.user_id).await,
            Self::Password => {
                let new = "a quite different bori cha 77";
                at.change_password(person, &person.password, new).await.assert_ok();
            }
            Self::Deleted => drop(at.delete_me(person, "").await.assert_status(204)),
            Self::Roles => at.give_roles(&person.user_id, "cook").await,
        }
    }
}

/// Lets in, after the end was acknowledged: for how long.
async fn let_in_after(at: &Move, copy: usize, token: &str) -> Duration {
    let (since, mut last) = (Stopwatch::start(), Duration::ZERO);
    eventually("it is refused", async || {
        let sent = since.elapsed();
        let answer = at.recipes(copy).list_recipes(token, "").await;
        if answer.status == 200 {
            last = sent;
            return None;
        }
        assert_refused(&answer);
        Some(())
    })
    .await;
    last
}

/// T076, T081
#[everywhere]
async fn whatever_ends_a_persons_tokens_ends_their_old_ones(options: Options) {
    let at = Move::start(options).await;
    let bystander = at.known_as("bystander").await;
    for (number, way) in WAYS.into_iter().enumerate() {
        let name = format!("person {number}");
        let person = at.known_as(&name).await;
        let token = at.token(name.as_str());
        at.list_recipes(&token, "").await.assert_status(200);

        way.end(&at, &person).await;

        for copy in 0..at.copies() {
            let_in_after(&at, copy, &token).await;
            // Once refused, it stays so.
            for _ in 0..5 {
                assert_refused(&at.recipes(copy).list_recipes(&token, "").await);
                assert_refused(&at.recipes(copy).create_recipe(&token, json!({ "title": "국" })).await);
            }
        }
        at.assert_refused_by_all(&name).await;
        at.list_recipes(&at.token("bystander"), "").await.assert_status(200);
    }
    // Longer than what was ended is remembered: the other issuer still makes tokens for them.
    at.stack.clock.advance(Duration::from_secs(75 * 60)).await;
    at.until_let_in("bystander").await;
    for number in 0..WAYS.len() {
        at.assert_refused_by_all(&format!("person {number}")).await;
    }
    at.refresh(&bystander.refresh_token).await.assert_ok();
}

/// How soon after the end was acknowledged, with Redis.
const BOUND: Duration = Duration::from_millis(100);
/// Machines that run tests are busy: chance may exceed the bound in one series, or two.
const SERIES: usize = 3;

/// T081
#[test]
fn with_redis_an_old_token_is_refused_at_once() {
    stack::run(Backend::PostgresRedis, 2, async |options: Options| {
        let at = Move::start(options).await;
        let mut all = Vec::new();
        for series in 0..SERIES {
            let mut lags = Vec::new();
            for (number, way) in WAYS.into_iter().enumerate() {
                let name = format!("{series} {number}");
                let person = at.known_as(&name).await;
                let token = at.token(name.as_str());
                way.end(&at, &person).await;
                lags.push(let_in_after(&at, 1, &token).await);
            }
            if lags.iter().all(|lag| *lag <= BOUND) {
                return;
            }
            all.push(lags);
        }
        panic!("let in after the end was acknowledged, in each series: {all:?}");
    });
}

/// Logging out of one session here says nothing of the other issuer's tokens.
#[both]
async fn who_logs_out_of_a_session_here_keeps_their_old_token(options: Options) {
    let at = Move::start(options).await;
    let person = at.known_as("7").await;
    let token = at.token("7");
    at.logout(&person).await.assert_status(204);
    eventually("recipe-service has heard of it", async || {
        (at.list_recipes(&person, "").await.status == 401).then_some(())
    })
    .await;
    at.list_recipes(&token, "").await.assert_status(200);
}

/// T088
#[both]
async fn an_old_token_is_ended_by_its_name(options: Options) {
    let at = Move::start(options).await;
    at.known_as("7").await;
    let named = |jti: &str| at.old.sign(at.header(), at.claims("7").with("jti", json!(jti))).to_string();
    let (token, other) = (named("5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b"), named("another"));
    at.list_recipes(&token, "").await.assert_status(200);

    let jti = "5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b".to_owned();
    at.as_operator(async |auth| auth.revoke_token(jti).await).await.expect("not revoked");

    eventually("it is refused", async || {
        let answer = at.list_recipes(&token, "").await;
        (answer.status == 401).then(|| answer.assert_problem(401, "token_revoked"))
    })
    .await;
    at.list_recipes(&other, "").await.assert_status(200);
}
