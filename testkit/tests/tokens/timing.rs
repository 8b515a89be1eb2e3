use std::time::Duration;

use serde_json::json;
use testkit::Stopwatch;
use testkit::forge::{Key, Token};

use crate::verifier::Bench;

/// How long it takes to refuse a token.
fn refusal(bench: &Bench, token: &str) -> Duration {
    let stopwatch = Stopwatch::start();
    assert!(!bench.believes(token));
    stopwatch.elapsed()
}

/// T057: what a badly signed token says is not looked at, so it takes as long whatever it says. The fastest of many tries
/// are compared, in turns: others share the processor, but what is skipped is skipped every time.
#[test]
fn a_bad_signature_takes_as_long_whatever_was_signed() {
    let bench = Bench::of(Key::es256());
    let now = bench.forge.now();
    let over = bench.forge.claims().with("iat", json!(now - 4000)).with("exp", json!(now - 3100));
    let elsewhere = bench.forge.claims().with("aud", json!(["auth"]));
    let bad = |token: Token| token.signed_with(bench.forge.token().signature_bytes()).to_string();
    let good_but_for_it = bad(bench.forge.token());
    for other in [over, elsewhere].map(|claims| bad(bench.forge.with_claims(claims))) {
        let (mut one, mut two) = (Duration::MAX, Duration::MAX);
        let is_alike = (0..2_000).any(|tries| {
            one = one.min(refusal(&bench, &good_but_for_it));
            two = two.min(refusal(&bench, &other));
            tries >= 20 && one.max(two) < 2 * one.min(two)
        });
        assert!(is_alike, "{one:?} and {two:?}");
    }
}
