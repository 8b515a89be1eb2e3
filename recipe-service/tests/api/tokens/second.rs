//! At which second a token begins and ends to be good: asked of a verifier whose clock stands in this process.

use std::time::Duration;

use common::clock::TestClock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::token::{Refusal, Verifier};
use serde_json::{Value, json};
use testkit::Forge;
use testkit::forge::Key;

const LEEWAY: i64 = 30;

struct Bench {
    clock: TestClock,
    forge: Forge,
    verifier: Verifier,
}

impl Bench {
    fn new() -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let forge = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let keys = Keys::held(KeySet::parse(&forge.key.jwks()).unwrap());
        let verifier = Verifier::builder()
            .issuer(&forge.issuer)
            .audience("recipes")
            .keys(keys)
            .revocations(Revocations::asked_in_the_database())
            .clock(clock.clock())
            .build();
        Self { clock, forge, verifier }
    }

    /// Makes claims for a second, and has them verified within it.
    fn verify(&self, claims: impl Fn(i64) -> Vec<(&'static str, Value)>) -> Result<(), Refusal> {
        loop {
            let now = self.verifier.now();
            let all =
                claims(now).into_iter().fold(self.forge.claims(), |all, (name, value)| all.with(name, value));
            let token = self.forge.with_claims(all).to_string();
            let first = self.verifier.verify(&token).map(drop);
            let again = self.verifier.verify(&token).map(drop);
            if self.verifier.now() == now {
                assert_eq!(first, again, "the cache changes the answer");
                return first;
            }
        }
    }
}

fn lives(iat: i64, exp: i64) -> Vec<(&'static str, Value)> {
    vec![("iat", json!(iat)), ("exp", json!(exp))]
}

/// T029
#[test]
fn a_token_is_over_at_the_very_second_of_its_end_and_leeway() {
    let bench = Bench::new();
    let ends = |after: i64| bench.verify(|now| lives(now - 900, now + after));
    assert_eq!(ends(0), Ok(()));
    assert_eq!(ends(-LEEWAY + 1), Ok(()));
    assert_eq!(ends(-LEEWAY), Err(Refusal::Expired));
    assert_eq!(ends(-LEEWAY - 1), Err(Refusal::Expired));
}

/// T029
#[test]
fn a_token_that_was_believed_is_over_at_the_very_second_too() {
    let bench = Bench::new();
    let end = bench.verifier.now() + 100;
    let claims = bench.forge.claims().with("iat", json!(end - 900)).with("exp", json!(end));
    let token = bench.forge.with_claims(claims).to_string();
    bench.verifier.verify(&token).unwrap();

    while bench.verifier.now() < end + LEEWAY {
        let before = bench.verifier.now();
        let answer = bench.verifier.verify(&token).map(drop);
        if bench.verifier.now() < end + LEEWAY {
            assert_eq!(answer, Ok(()), "{} s before", end + LEEWAY - before);
        }
        bench.clock.advance(Duration::from_millis(250));
    }
    assert_eq!(bench.verifier.verify(&token).map(drop), Err(Refusal::Expired));
}

/// T034
#[test]
fn a_token_is_good_from_its_beginning_less_the_leeway() {
    let bench = Bench::new();
    let begins = |after: i64| bench.verify(|now| vec![("nbf", json!(now + after))]);
    assert_eq!(begins(0), Ok(()));
    assert_eq!(begins(LEEWAY), Ok(()));
    assert_eq!(begins(LEEWAY + 1), Err(Refusal::Invalid("not valid yet")));
}

/// T035
#[test]
fn a_token_may_have_been_made_a_leeway_from_now_and_no_later() {
    let bench = Bench::new();
    let made = |after: i64| bench.verify(|now| lives(now + after, now + after + 900));
    assert_eq!(made(LEEWAY), Ok(()));
    assert_eq!(made(LEEWAY + 1), Err(Refusal::Invalid("not valid yet")));
}

/// T031, T035
#[test]
fn a_token_lives_an_hour_and_no_longer() {
    let bench = Bench::new();
    let lived = |life: i64| bench.verify(|now| lives(now, now + life));
    let refused = Err(Refusal::Invalid("its life is not between a second and an hour"));
    assert_eq!(lived(3600), Ok(()));
    assert_eq!(lived(3601), refused);
    assert_eq!(lived(1), Ok(()));
    assert_eq!(lived(0), refused);
}
