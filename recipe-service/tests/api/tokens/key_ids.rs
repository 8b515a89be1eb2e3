//! A `kid` is a name to be looked up, and nothing else.

use std::time::Duration;

use serde_json::json;
use testkit::forge::{Hmac, Key};
use testkit::{TestStack, both};

use super::door::Door;

/// T020: refused, and as soon as anything: nothing is looked up by it but a key.
#[both]
async fn a_strange_kid_is_an_unknown_key(stack: TestStack) {
    let door = Door::of(&stack).await;
    let kid = door.forge.key.kid().to_owned();
    let marker = std::env::temp_dir().join(format!("kid-{}", common::ids::Uuid::now_v7()));
    let strange = [
        "../../../../../../dev/null".to_owned(),
        "/dev/null".to_owned(),
        "/proc/self/environ".to_owned(),
        "file:///etc/passwd".to_owned(),
        "' OR '1'='1".to_owned(),
        "' UNION SELECT 'x' --".to_owned(),
        "'; DROP TABLE signing_keys; --".to_owned(),
        "*)(uid=*))(|(uid=*".to_owned(),
        format!("| touch {}", marker.display()),
        format!("$(touch {})", marker.display()),
        format!("`touch {}`", marker.display()),
        "${jndi:ldap://127.0.0.1/x}".to_owned(),
        "http://127.0.0.1:1/jwks.json".to_owned(),
        "*".to_owned(),
        "\0".to_owned(),
        format!("{kid}\0"),
        format!("\u{202e}{kid}"),
        swap_case(&kid),
        format!("{kid} "),
        format!(" {kid}"),
        kid[..kid.len() - 1].to_owned(),
        "a".repeat(10_000),
    ];
    for name in strange {
        let empty = door.forge.with_key(Key::hmac(Hmac::Hs256, "").named(&*name));
        let real = door.forge.with_header(door.forge.header().with("kid", json!(name)));
        for (what, token) in [("HS256 of nothing", empty.token()), ("the real key", real)] {
            let what = format!("{what}, {name:?}");
            door.refuses(&what, &token).await;
            door.answers_within(Duration::from_millis(50), what, token).await;
        }
    }
    assert!(!marker.exists(), "a kid was run");
    stack.logged_in().await;
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}
