//! How often something may be done: limits that slow down strangers and let the owner in.

mod devices;
mod others;
mod passwords;
mod shared;

use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::json;
use testkit::client::{Client, Person};
use testkit::stack::Options;
use testkit::{Answer, TestStack};

/// How many more may come through where Redis is late once, as on a machine that is busy: half of five, and one that is
/// slowed, are counted in the process then.
const LATE: usize = 3;
const MINUTE: Duration = Duration::from_secs(60);

/// A stack that limits as it does for everybody, for tests that are not of the limits themselves turn them off.
fn limited(options: Options) -> Options {
    options.set("AUTH_RATE_LIMITS", "on")
}

/// A stack whose limit of tries from one address is out of the way.
fn from_anywhere(options: Options) -> Options {
    limited(options).set("AUTH_LIMIT_LOGIN", "10000/1m")
}

/// The stack as a machine of another address sees it.
fn other_address(stack: &TestStack, number: u8) -> Client {
    stack.at(Ipv4Addr::new(127, 0, 1, number))
}

async fn fail(client: &Client, person: &Person) -> Answer {
    client.login(json!({ "email": person.email, "password": "wrong password" })).await
}

/// Guesses until somebody says that it is enough, and how often that took.
async fn exhaust(client: &Client, person: &Person) -> usize {
    for heard in 0..100 {
        if fail(client, person).await.status != 401 {
            return heard;
        }
    }
    panic!("a hundred guesses were heard");
}

/// Checks for 429 by this limit, with everything that a client needs to come back in time; and says when that is.
#[track_caller]
fn assert_limited(answer: &Answer, policy: &str) -> Duration {
    answer.assert_problem(429, "rate_limited");
    assert_eq!(answer.header("ratelimit-policy"), policy, "{answer}");
    let name = policy.split(';').next().unwrap();
    let left = answer.header("ratelimit").strip_prefix(&format!("{name};r=0;t=")).map(str::to_owned);
    let seconds: u64 = left.and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("no RateLimit: {answer}"));
    assert_eq!(answer.header("retry-after"), seconds.to_string(), "{answer}");
    assert!(seconds > 0, "{answer}");
    Duration::from_secs(seconds)
}
