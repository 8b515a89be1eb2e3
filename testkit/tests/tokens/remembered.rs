//! Tokens that were believed before: their signature is not checked again, all else is, and they are never too many.

use std::sync::{Arc, Weak};
use std::time::Duration;

use common::clock::TestClock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::revocations::feed::{Event, Kind};
use common::token::{Refusal, Verified, Verifier};
use testkit::Forge;
use testkit::forge::{Key, LIFE};

const LEEWAY: Duration = Duration::from_secs(30);
const BLIND_AFTER: Duration = Duration::from_secs(30);

/// A verifier whose clock and whose copy of the revocations are the test's.
struct Bench {
    clock: TestClock,
    forge: Forge,
    keys: Keys,
    copy: Revocations,
    verifier: Verifier,
}

impl Bench {
    fn remembering(cached: u64) -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let forge = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let copy = Revocations::following(Duration::from_secs(5), BLIND_AFTER);
        let keys = Keys::held(of(&forge.key));
        let verifier = Verifier::builder()
            .issuer(&forge.issuer)
            .audience("recipes")
            .keys(keys.clone())
            .revocations(copy.clone())
            .cached(cached)
            .clock(clock.clock())
            .build();
        let bench = Self { clock, forge, keys, copy, verifier };
        bench.hear();
        bench
    }

    /// The copy is complete as of now.
    fn hear(&self) {
        self.copy.complete(self.clock.clock().boot());
    }

    fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.hear();
    }

    /// A token that is remembered: it is read once, however often it comes.
    fn remembered(&self) -> (String, Arc<Verified>) {
        let token = self.forge.token().to_string();
        let first = self.verifier.verify(&token).unwrap();
        assert!(Arc::ptr_eq(&first, &self.verifier.verify(&token).unwrap()), "it was read again");
        (token, first)
    }

    fn answer(&self, token: &str) -> Option<Refusal> {
        self.verifier.verify(token).err()
    }
}

fn of(key: &Key) -> KeySet {
    KeySet::parse(&key.jwks()).unwrap()
}

#[test]
fn a_remembered_token_is_over_when_its_time_is() {
    let bench = Bench::remembering(100);
    let (token, _) = bench.remembered();
    bench.pass(LIFE + LEEWAY - Duration::from_secs(1));
    assert_eq!(bench.answer(&token), None);
    bench.pass(Duration::from_secs(1));
    for _ in 0..2 {
        assert_eq!(bench.answer(&token), Some(Refusal::Expired));
    }
}

#[test]
fn a_remembered_token_is_refused_when_it_was_ended() {
    let bench = Bench::remembering(100);
    for kind in [Kind::Session, Kind::Token, Kind::Subject, Kind::Key] {
        let ((token, verified), (other, _)) = (bench.remembered(), bench.remembered());
        let claims = &verified.claims;
        let (id, min_uv) = match kind {
            Kind::Session => (&claims.person.as_ref().unwrap().sid, None),
            Kind::Token => (&claims.jti, None),
            Kind::Subject => (&claims.sub, Some(claims.uv + 1)),
            Kind::Key | Kind::KeysChanged => (&verified.kid, None),
        };
        let event = Event { seq: 1, kind, id: id.clone(), min_uv, until: None };
        bench.copy.apply(&event, bench.clock.clock().boot());
        for _ in 0..2 {
            assert_eq!(bench.answer(&token), Some(Refusal::Revoked), "{kind:?}");
        }
        let also = (kind == Kind::Key).then_some(Refusal::Revoked);
        assert_eq!(bench.answer(&other), also, "{kind:?}");
    }
}

/// What the issuer withdraws verifies nothing any more, and what it publishes again does.
#[test]
fn a_remembered_token_is_refused_while_its_key_is_not_published() {
    let bench = Bench::remembering(100);
    let (token, _) = bench.remembered();
    for _ in 0..2 {
        bench.keys.replace(of(&Key::es256()));
        assert_eq!(bench.answer(&token), Some(Refusal::UnknownKey));
        bench.keys.replace(of(&bench.forge.key));
        assert_eq!(bench.answer(&token), None);
    }
}

#[test]
fn nothing_is_remembered_past_what_is_known() {
    let bench = Bench::remembering(100);
    let (token, first) = bench.remembered();
    bench.clock.advance(BLIND_AFTER + Duration::from_secs(1));
    assert_eq!(bench.answer(&token), Some(Refusal::RevocationsStale));
    bench.hear();
    assert!(Arc::ptr_eq(&first, &bench.verifier.verify(&token).unwrap()), "our failure is not the token's");
}

/// T059
#[test]
fn a_bad_token_is_as_bad_beside_a_good_one_that_is_remembered() {
    let bench = Bench::remembering(100);
    let good = bench.forge.token();
    let bad = good.clone().signed_with(vec![7; 64]).to_string();
    let good = good.to_string();
    for _ in 0..2 {
        assert_eq!(bench.answer(&bad), Some(Refusal::Invalid("bad signature")));
        assert_eq!(bench.answer(&good), None);
    }
}

/// What comes in is forgotten a little later than it is too much.
#[test]
fn a_flood_of_tokens_is_not_remembered() {
    let bench = Bench::remembering(100);
    let all: Vec<Weak<Verified>> = (0..5_000)
        .map(|_| Arc::downgrade(&bench.verifier.verify(&bench.forge.token().to_string()).unwrap()))
        .collect();
    let remembered = all.iter().filter(|token| token.strong_count() > 0).count();
    assert!((1..1_000).contains(&remembered), "{remembered} are remembered");
}
