//! Sealed tokens (RFC 7516). Nothing is unsealed here, so whatever is in them is never looked at.

use std::time::Duration;

use serde_json::json;
use testkit::forge::encoded;
use testkit::{Stopwatch, TestStack, both};

use super::door::Door;

/// The JWEs of Wycheproof and of the cookbook of JOSE, a name and a token a line.
const PUBLISHED: &str = include_str!("jwe.txt");

/// T046
#[both]
async fn published_jwes_are_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
    let tokens: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(' ')).collect();
    assert_eq!(tokens.len(), 212);
    for (name, token) in tokens {
        door.refuses(name, token).await;
    }
}

/// T046
#[both]
async fn a_good_token_inside_of_a_jwe_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    for (alg, enc) in
        [("dir", "A256GCM"), ("ECDH-ES", "A128GCM"), ("RSA-OAEP", "A256GCM"), ("A128KW", "A128CBC-HS256")]
    {
        let header =
            door.forge.header().with("alg", json!(alg)).with("enc", json!(enc)).with("cty", json!("JWT"));
        door.refuses(alg, sealed(header.to_string(), door.forge.token().to_string())).await;
        // Three parts, so that it looks like a JWS.
        door.refuses(format!("{alg} in three parts"), door.forge.with_header(header)).await;
    }
}

/// T047: what would cost much to unseal costs nothing.
#[both]
async fn a_jwe_that_is_a_bomb_is_refused_at_once(stack: TestStack) {
    let door = Door::of(&stack).await;
    let (alg, enc) = (json!("dir"), json!("A256GCM"));
    let zipped =
        json!({ "alg": alg, "enc": enc, "zip": "DEF", "kid": door.forge.key.kid(), "typ": "at+jwt" });
    let slow =
        |alg: &str, count: i64| json!({ "alg": alg, "enc": "A128GCM", "p2s": "c2FsdHNhbHQ", "p2c": count });
    let bombs = [
        sealed(zipped.to_string(), "a".repeat(2_000)),
        sealed(zipped.to_string(), "a".repeat(60_000)),
        sealed(slow("PBES2-HS256+A128KW", 1 << 31).to_string(), "a".repeat(100)),
        sealed(slow("PBES2-HS512+A256KW", i64::MAX).to_string(), "a".repeat(100)),
    ];
    let (stopwatch, memory) = (Stopwatch::start(), resident_bytes());
    for bomb in bombs {
        door.refuses(&bomb[..40], &bomb).await;
        door.answers_within(Duration::from_millis(10), &bomb[..40], &bomb).await;
    }
    // Other tests run beside this one: what is ruled out is the gigabyte and the minutes that such a token is made for.
    assert!(stopwatch.elapsed() < Duration::from_secs(10), "{:?}", stopwatch.elapsed());
    assert!(resident_bytes().saturating_sub(memory) < 512 << 20);
}

/// Five parts: header, key, vector, ciphertext, tag.
fn sealed(header: String, content: String) -> String {
    let (vector, tag) = (encoded([7; 12]), encoded([7; 16]));
    format!("{}.{}.{vector}.{}.{tag}", encoded(header), encoded([7; 16]), encoded(content))
}

/// The second figure of `statm` is pages of 4 KiB.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0) * 4096
}
