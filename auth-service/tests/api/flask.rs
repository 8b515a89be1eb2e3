//! A service in Python behind Flask-JWT-Extended, which checks in Redis as clients/python has it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::redis;
use testkit::{TestStack, python, two_copies};

/// How soon after the end was acknowledged the service must refuse.
const BOUND: Duration = Duration::from_millis(100);
const TIMES: usize = 4;
/// Machines that run tests are busy: chance may exceed the bound once in a series, and in one or two of them more often.
const SERIES: usize = 3;

/// T076, T081: whatever ends a token ends it there, too.
#[two_copies]
async fn whatever_ends_a_token_is_refused_by_flask_at_once(stack: TestStack) {
    let mut all = Vec::new();
    for _ in 0..SERIES {
        let lags = lags(&stack).await;
        assert_eq!(lags.len(), 10, "{lags:?}");
        let late = |lags: &Vec<Duration>| lags.iter().filter(|lag| **lag > BOUND).count();
        if lags.values().all(|lags| late(lags) <= 1) {
            return;
        }
        all.push(lags);
    }
    panic!("let in after the end was acknowledged, in each series: {all:#?}");
}

/// For how long tokens were still let in, by the way in which they were ended.
async fn lags(stack: &TestStack) -> BTreeMap<String, Vec<Duration>> {
    let variables = json!({
        "AUTH_DATABASE_URL": stack.auth_database_url(),
        "AUTH_SECRETS_DIR": stack.secrets_dir(),
        "AUTH_ISSUER": stack.auth.public_url,
        "AUTH_REDIS_URL": redis().url(),
        "AUTH_REDIS_PREFIX": stack.redis_prefix(),
        "AUTH_BCRYPT_COST": "10",
    });
    let given = json!({
        "auth": stack.auth.url(""),
        "issuer": stack.auth.public_url,
        "redis": redis().url(),
        "prefix": stack.redis_prefix(),
        "program": env!("CARGO_BIN_EXE_auth-service"),
        "variables": variables,
        "times": TIMES,
    });
    let mut lags: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for line in python("flask_revocations.py", &[&given.to_string()]).await.lines() {
        let lag: Value = serde_json::from_str(line).expect("not JSON");
        let (way, seconds) = (lag["way"].as_str().unwrap(), lag["seconds"].as_f64().unwrap());
        lags.entry(way.to_owned()).or_default().push(Duration::from_secs_f64(seconds));
    }
    lags
}
