use std::time::Duration;

use common::clock::Clock;
use serde_json::{Value, json};
use testkit::stack::Options;
use testkit::{TestStack, both};

/// Costly enough that a hash takes most of the time of a login, cheap enough for hundreds of them.
const COST: &str = "7";
const ROUNDS: usize = 60;
/// Machines that run tests are busy: chance may have it once, a leak shows every time.
const TRIES: usize = 12;

/// T104: how long a refusal takes says nothing of who is known here.
#[both]
async fn a_refusal_takes_as_long_for_nobody_as_for_somebody(options: Options) {
    let stack = options.set("AUTH_BCRYPT_COST", COST).start().await;
    let known = stack.logged_in().await;
    let disabled = stack.logged_in().await;
    stack.disable(&disabled.email).await;
    let bodies = [
        json!({ "email": known.email, "password": "wrong password" }),
        json!({ "email": "nobody@example.com", "password": "wrong password" }),
        json!({ "username": "nobody-at-all", "password": "wrong password" }),
        json!({ "email": disabled.email, "password": "wrong password" }),
        json!({ "email": known.email, "password": "" }),
    ];
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let times = measure(&stack, &bodies).await;
        if times[1..].iter().all(|others| cannot_be_told_apart(&times[0], others)) {
            return;
        }
        seen.push(times.iter().map(|times| median(times)).collect::<Vec<_>>());
    }
    panic!("medians of known, unknown, unknown name, disabled, empty: {seen:?}");
}

/// The times of each body, in the order in which they were taken: one of each, again and again.
async fn measure(stack: &TestStack, bodies: &[Value]) -> Vec<Vec<Duration>> {
    let clock = Clock::system();
    let mut times = vec![Vec::with_capacity(ROUNDS); bodies.len()];
    for round in 0..ROUNDS + 5 {
        for (body, times) in bodies.iter().zip(&mut times) {
            let sent = clock.boot();
            stack.login(body.clone()).await.assert_status(401);
            // The first few make connections and prepare statements.
            if round >= 5 {
                times.push(clock.boot() - sent);
            }
        }
    }
    times
}

/// Medians within 5 %, and a random one of these is longer than a random one of those about every other time: as near to
/// it as so few rounds can tell.
pub fn cannot_be_told_apart(these: &[Duration], those: &[Duration]) -> bool {
    let (this, that) = (median(these).as_secs_f64(), median(those).as_secs_f64());
    let wins: f64 = these.iter().flat_map(|this| those.iter().map(move |that| win(this, that))).sum();
    let auc = wins / (these.len() * those.len()) as f64;
    (this - that).abs() < 0.05 * this && (0.35..0.65).contains(&auc)
}

fn win(this: &Duration, that: &Duration) -> f64 {
    match this.cmp(that) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
}

pub fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}
