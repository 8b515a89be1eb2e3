//! A service in Python behind Flask-JWT-Extended, which checks in Redis as clients/python has it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::redis;
use testkit::{TestStack, python, two_copies};

/// How soon after the end was acknowledged the service must refuse.
const BOUND: Duration = Duration::from_millis(100);
/// Machines that run tests are busy: chance may exceed the bound, what is too slow does so every time.
const TIMES: usize = 3;

/// T076, T081: whatever ends a token ends it there, too.
#[two_copies]
async fn whatever_ends_a_token_is_refused_by_flask_at_once(stack: TestStack) {
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
    let printed = python("flask_revocations.py", &[&given.to_string()]).await;
    let mut fastest = BTreeMap::new();
    for line in printed.lines() {
        let lag: Value = serde_json::from_str(line).expect("not JSON");
        let (way, seconds) = (lag["way"].as_str().unwrap().to_owned(), lag["seconds"].as_f64().unwrap());
        let lag = Duration::from_secs_f64(seconds);
        fastest.entry(way).and_modify(|fastest: &mut Duration| *fastest = lag.min(*fastest)).or_insert(lag);
    }
    assert_eq!(fastest.len(), 9, "{fastest:?}");
    assert!(fastest.values().all(|lag| *lag <= BOUND), "{fastest:?}");
}
