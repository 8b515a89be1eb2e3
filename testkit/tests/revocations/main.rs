//! The copy of the revocations: what it keeps, for how long, and that nothing is ever taken back.

use std::sync::Barrier;
use std::time::Duration;

use common::clock::TestClock;
use common::keys::{KeySet, Keys};
use common::revocations::feed::{Event, Kind};
use common::revocations::{Freshness, Revocations};
use common::token::{Refusal, Verifier};
use serde_json::json;
use testkit::Forge;
use testkit::forge::{Key, Members};

const MINUTE: Duration = Duration::from_secs(60);
const KEEP: Duration = Duration::from_secs(70 * 60);

/// In few of them does anybody look in between.
const ROUNDS: usize = 2_000;

/// A verifier whose copy the test fills.
struct Bench {
    clock: TestClock,
    forge: Forge,
    copy: Revocations,
    verifier: Verifier,
}

impl Bench {
    fn new() -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let forge = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let copy = Revocations::following(Duration::from_secs(5), Duration::from_secs(30));
        let verifier = Verifier::builder()
            .issuer("http://auth.test")
            .audience("recipes")
            .keys(Keys::held(KeySet::parse(&forge.key.jwks()).expect("a forge has a good key")))
            .revocations(copy.clone())
            .clock(clock.clock())
            .build();
        let bench = Self { clock, forge, copy, verifier };
        bench.hear();
        bench
    }

    /// The copy is complete as of now.
    fn hear(&self) {
        self.copy.complete(self.clock.clock().boot());
    }

    fn now_us(&self) -> i64 {
        self.clock.clock().now().as_micros()
    }

    /// Hears that something ended, which is to be remembered for so long from now.
    fn end(&self, kind: Kind, id: &str, min_uv: Option<i64>, keep: Option<Duration>) {
        let until = keep.map(|keep| self.now_us() + keep.as_micros() as i64);
        let event = Event { seq: 1, kind, id: id.to_owned(), min_uv, until };
        self.copy.apply(&event, self.clock.clock().boot());
    }

    /// Lets time pass, hears from the issuer, and forgets what may be forgotten.
    fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.hear();
        self.copy.sweep(&self.clock.clock());
    }

    fn answer(&self, claims: &Members) -> Option<Refusal> {
        self.verifier.verify(&self.forge.with_claims(claims.clone()).to_string()).err()
    }
}

fn text(claims: &Members, name: &str) -> String {
    claims.0[name].as_str().expect("no text").to_owned()
}

#[test]
fn what_comes_late_shortens_nothing() {
    let bench = Bench::new();
    bench.end(Kind::Session, "a session", None, Some(3 * KEEP));
    bench.end(Kind::Session, "a session", None, Some(MINUTE));
    bench.end(Kind::Subject, "somebody", Some(1), Some(3 * KEEP));
    bench.end(Kind::Subject, "somebody", Some(1), Some(MINUTE));
    bench.pass(2 * KEEP);
    assert_eq!(bench.copy.len(), 2);
    bench.pass(KEEP + MINUTE);
    assert_eq!(bench.copy.len(), 0);
}

#[test]
fn what_comes_late_lowers_nothing() {
    let bench = Bench::new();
    let claims = bench.forge.claims();
    let sub = text(&claims, "sub");
    for min_uv in [1, 3, 2, 0] {
        bench.end(Kind::Subject, &sub, Some(min_uv), Some(KEEP));
    }
    for (uv, answer) in [(0, Some(Refusal::Revoked)), (2, Some(Refusal::Revoked)), (3, None)] {
        assert_eq!(bench.answer(&claims.clone().with("uv", json!(uv))), answer, "version {uv}");
    }
}

/// T084: by the issuer's time, and by this machine's own, which may have slept.
#[test]
fn an_entry_is_kept_for_seventy_minutes_by_both_clocks() {
    let bench = Bench::new();
    bench.end(Kind::Session, "said to be over already", None, Some(Duration::ZERO));
    bench.end(Kind::Session, "said to be over later", None, Some(2 * KEEP));
    bench.pass(KEEP - MINUTE);
    assert_eq!(bench.copy.len(), 2);
    bench.pass(2 * MINUTE);
    assert_eq!(bench.copy.len(), 1);
    bench.pass(KEEP);
    assert_eq!(bench.copy.len(), 0);
}

/// T083: a token outlives no memory of its end.
#[test]
fn a_token_is_over_before_its_end_is_forgotten() {
    let bench = Bench::new();
    let claims = bench.forge.claims();
    let longest = claims.clone().with("exp", json!(bench.forge.now() + 3600));
    bench.end(Kind::Session, &text(&claims, "sid"), None, Some(KEEP));
    for _ in 0..90 {
        let answer = bench.answer(&longest);
        assert!(matches!(answer, Some(Refusal::Revoked | Refusal::Expired)), "{answer:?}");
        bench.pass(MINUTE);
    }
    assert_eq!(bench.copy.len(), 0);
}

#[test]
fn a_revoked_key_is_never_forgotten() {
    let bench = Bench::new();
    bench.end(Kind::Key, bench.forge.key.kid(), None, None);
    for _ in 0..3 {
        bench.pass(400 * 24 * 60 * MINUTE);
        assert_eq!(bench.answer(&bench.forge.claims()), Some(Refusal::Revoked));
    }
    assert_eq!(bench.copy.len(), 1);
}

/// T087, T088: ids that differ in anything are different, and what looks like one is not.
#[test]
fn an_id_stands_for_itself_alone() {
    let bench = Bench::new();
    let claims = bench.forge.claims();
    let sid = text(&claims, "sid");
    let others = [
        sid.to_uppercase(),
        sid.replace('-', ""),
        format!("{{{sid}}}"),
        format!("urn:uuid:{sid}"),
        format!("{sid} "),
        "*".to_owned(),
        String::new(),
    ];
    for other in others {
        for kind in [Kind::Session, Kind::Token, Kind::Subject, Kind::Key] {
            bench.end(kind, &other, Some(9), Some(KEEP));
        }
    }
    // The id of a session is that of no token, no subject and no key.
    bench.end(Kind::Token, &sid, None, Some(KEEP));
    bench.end(Kind::Subject, &sid, Some(9), Some(KEEP));
    bench.end(Kind::Key, &sid, None, None);
    assert_eq!(bench.answer(&claims), None);
    bench.end(Kind::Session, &sid, None, Some(KEEP));
    assert_eq!(bench.answer(&claims), Some(Refusal::Revoked));
}

/// What ended is stored before it is said that all is, and read after: whoever looks in between lets nobody in.
#[test]
fn who_looks_while_the_copy_is_completed_misses_nothing() {
    let bench = Bench::new();
    for _ in 0..ROUNDS {
        let claims = bench.forge.claims();
        let token = bench.forge.with_claims(claims.clone()).to_string();
        bench.hear();
        assert!(bench.verifier.verify(&token).is_ok());
        bench.clock.advance(MINUTE);
        let both_are_there = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                both_are_there.wait();
                bench.end(Kind::Session, &text(&claims, "sid"), None, Some(KEEP));
                bench.hear();
            });
            both_are_there.wait();
            let answer = std::iter::repeat_with(|| bench.verifier.verify(&token).map(drop))
                .find(|answer| *answer != Err(Refusal::RevocationsStale));
            assert_eq!(answer, Some(Err(Refusal::Revoked)));
        });
    }
}

#[test]
fn freshness_never_goes_back() {
    let bench = Bench::new();
    let early = bench.clock.clock().boot();
    bench.clock.advance(Duration::from_secs(6));
    assert_eq!(bench.copy.freshness(bench.clock.clock().boot()), Freshness::Stale);
    bench.hear();
    bench.copy.complete(early);
    assert_eq!(bench.copy.freshness(bench.clock.clock().boot()), Freshness::Live);
}
