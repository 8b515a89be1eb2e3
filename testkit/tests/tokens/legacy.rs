//! Another issuer's old tokens, as Flask-JWT-Extended makes them.

use std::time::Duration;

use common::clock::TestClock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::revocations::feed::{Event, Kind};
use common::time::Instant;
use common::token::{
    LegacyPerson, LegacySecret, LegacySettings, LegacyToken, LegacyVerifier, Refusal, Verifier,
};
use serde_json::{Value, json};
use testkit::Forge;
use testkit::forge::{Hmac, Key, Members, Token};

const SECRET: &str = "of the other issuer, who kept it well";
const HOUR: Duration = Duration::from_secs(3600);
const LEEWAY: i64 = 30;
const SUB: &str = "0199aaaa-0000-7000-8000-000000000007";

/// Both verifiers of a service that is moving, and the forges of both issuers.
struct Bench {
    clock: TestClock,
    revocations: Revocations,
    legacy: LegacyVerifier,
    ours: Verifier,
    old: Forge,
    new: Forge,
}

impl Bench {
    fn new() -> Self {
        Self::of(None)
    }

    /// Of an issuer that says its name in its tokens, or does not.
    fn of(issuer: Option<&str>) -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let revocations = Revocations::following(HOUR, HOUR);
        revocations.complete(clock.clock().boot());
        let legacy = LegacyVerifier::new(LegacySettings {
            secret: LegacySecret::parse(SECRET).unwrap(),
            issuer: issuer.map(str::to_owned),
            audience: "recipes".to_owned(),
            scope: "recipes:read".to_owned(),
            until: Instant::from_secs(clock.clock().now().as_secs() + 7200),
            leeway: Duration::from_secs(LEEWAY as u64),
            revocations: revocations.clone(),
            clock: clock.clock(),
        });
        let new = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let old = new.with_key(Key::hmac(Hmac::Hs256, SECRET));
        let ours = Verifier::builder()
            .issuer(&new.issuer)
            .audience("recipes")
            .keys(Keys::held(KeySet::parse(&new.key.jwks()).unwrap()))
            .revocations(revocations.clone())
            .clock(clock.clock())
            .build();
        Self { clock, revocations, legacy, ours, old, new }
    }

    fn header(&self) -> Members {
        Members::default().with("alg", json!("HS256")).with("typ", json!("JWT"))
    }

    /// What `create_access_token(identity=7)` puts into a token.
    fn claims(&self) -> Members {
        let now = self.old.now();
        Members::default()
            .with("fresh", json!(true))
            .with("iat", json!(now))
            .with("jti", json!("5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b"))
            .with("type", json!("access"))
            .with("sub", json!(7))
            .with("nbf", json!(now))
            .with("csrf", json!("0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f"))
            .with("exp", json!(now + 900))
    }

    fn signed(&self, claims: Members) -> Token {
        self.old.sign(self.header(), claims)
    }

    fn verify(&self, token: &Token) -> Result<String, Refusal> {
        self.legacy.verify(&token.to_string()).map(|token| token.external_id)
    }

    /// Makes claims for a second, and has them verified within it.
    fn within_a_second(&self, claims: impl Fn(i64) -> Members) -> Result<String, Refusal> {
        loop {
            let now = self.old.now();
            let answer = self.verify(&self.signed(claims(now)));
            if self.old.now() == now {
                return answer;
            }
        }
    }

    /// A token that was believed, of somebody who is still to be asked for.
    fn read(&self) -> LegacyToken {
        self.legacy.verify(&self.signed(self.claims()).to_string()).unwrap()
    }

    /// What is said of it when it is that of a person whose tokens below this version count no more.
    fn admit(&self, token: LegacyToken, min_uv: i64) -> Option<Refusal> {
        self.legacy.admit(token, LegacyPerson { sub: SUB.to_owned(), min_uv }).err()
    }

    /// Hears that something ended.
    fn end(&self, kind: Kind, id: &str) {
        let min_uv = (kind == Kind::Subject).then_some(1);
        let event = Event { seq: 1, kind, id: id.to_owned(), min_uv, until: None };
        self.revocations.apply(&event, self.clock.clock().boot());
    }

    #[track_caller]
    fn refuses(&self, token: &Token) {
        let answer = self.verify(token);
        assert!(matches!(answer, Err(Refusal::Invalid(_))), "{answer:?}: {token}");
    }

    #[track_caller]
    fn refuses_claims(&self, claim: &str, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.refuses(&self.signed(self.claims().with(claim, value)));
        }
    }
}

#[test]
fn an_old_token_is_believed_and_names_its_person_as_their_issuer_did() {
    let bench = Bench::new();
    for (sub, name) in [(json!(7), "7"), (json!("7"), "7"), (json!("kim@example.com"), "kim@example.com")] {
        let token = bench.signed(bench.claims().with("sub", sub));
        assert!(LegacyVerifier::is_for(&token.to_string()));
        assert_eq!(bench.verify(&token), Ok(name.to_owned()));
    }
    let bare = bench.claims().without("fresh").without("nbf").without("csrf");
    let read = bench.legacy.verify(&bench.signed(bare).to_string()).unwrap();
    assert!(!read.is_fresh);
    assert_eq!(read.jti, bench.claims().0["jti"]);
}

#[actix_rt::test]
async fn what_flask_jwt_extended_makes_is_believed_where_it_is_short_lived_and_for_access() {
    let bench = Bench::new();
    let made = testkit::python("flask_tokens.py", &[SECRET]).await;
    let made: Members = Members(serde_json::from_str(&made).unwrap());
    let verify = |name: &str| bench.legacy.verify(made.0[name].as_str().unwrap());
    for (good, is_fresh) in [
        ("of a number", false),
        ("of a text", false),
        ("fresh", true),
        ("fresh for a while", true),
        ("fresh no more", false),
        ("with more claims", false),
    ] {
        let token = verify(good).unwrap_or_else(|refusal| panic!("{good}: {refusal}"));
        assert_eq!((&*token.external_id, token.is_fresh), ("7", is_fresh), "{good}");
    }
    for bad in ["refresh", "of a day", "without an end"] {
        assert!(matches!(verify(bad), Err(Refusal::Invalid(_))), "{bad}");
    }
}

#[test]
fn an_old_token_of_a_named_issuer_says_so() {
    let bench = Bench::of(Some("https://old.test"));
    assert_eq!(
        bench.verify(&bench.signed(bench.claims().with("iss", json!("https://old.test")))),
        Ok("7".to_owned())
    );
    bench.refuses(&bench.signed(bench.claims()));
    bench.refuses_claims("iss", [json!("https://old.test/"), json!(null), json!(["https://old.test"])]);
    // And one of an issuer without a name does not.
    let unnamed = Bench::new();
    unnamed.refuses_claims("iss", [json!("https://old.test"), json!("http://auth.test")]);
}

/// T011, T012, T017: what tells the two apart is looked at before anything is believed.
#[test]
fn neither_verifier_takes_what_is_the_others() {
    let bench = Bench::new();
    let kid = json!(bench.new.key.kid());
    let ours = bench.new.token();
    assert!(!LegacyVerifier::is_for(&ours.to_string()));
    bench.refuses(&ours);
    assert!(bench.ours.verify(&ours.to_string()).is_ok());
    for (header, claims) in [
        (bench.header(), bench.claims()),
        (bench.header().with("kid", kid.clone()), bench.claims()),
        (bench.header().with("kid", kid.clone()), bench.new.claims()),
        (bench.new.header().without("kid").with("alg", json!("HS256")), bench.new.claims()),
        (bench.new.header().with("alg", json!("HS256")), bench.new.claims()),
        (bench.new.header(), bench.new.claims()),
    ] {
        let by_secret = bench.old.sign(header.clone(), claims.clone());
        assert!(bench.ours.verify(&by_secret.to_string()).is_err(), "{by_secret}");
        if header.0.contains_key("kid") {
            assert!(!LegacyVerifier::is_for(&by_secret.to_string()));
            bench.refuses(&by_secret);
        }
        bench.refuses(&bench.new.sign(header, claims));
    }
    // The public key for a secret.
    for public in [bench.new.key.pem().into_bytes(), bench.new.key.jwks(), bench.new.key.spki()] {
        let forge = bench.new.with_key(Key::hmac(Hmac::Hs256, public));
        bench.refuses(&forge.sign(bench.header(), bench.claims()));
    }
}

/// T010, T012, T014, T016, T022, T025
#[test]
fn no_other_algorithm_type_or_extension_is_taken() {
    let bench = Bench::new();
    for alg in [json!("none"), json!("HS384"), json!("HS512"), json!("hs256"), json!("ES256"), json!(null)] {
        bench.refuses(&bench.old.sign(bench.header().with("alg", alg), bench.claims()));
    }
    for alg in [Hmac::Hs384, Hmac::Hs512] {
        let forge = bench.old.with_key(Key::hmac(alg, SECRET));
        bench.refuses(&forge.sign(bench.header(), bench.claims()));
        bench.refuses(&forge.sign(bench.header().with("alg", json!(forge.key.alg())), bench.claims()));
    }
    for (member, value) in [
        ("kid", json!("")),
        ("kid", json!(null)),
        ("typ", json!("at+jwt")),
        ("typ", json!("jwt")),
        ("crit", json!(["exp"])),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        bench.refuses(&bench.old.sign(bench.header().with(member, value), bench.claims()));
    }
    let token = bench.signed(bench.claims());
    for signature in [Vec::new(), vec![0; 32], token.signature_bytes()[..31].to_vec(), vec![0; 64]] {
        bench.refuses(&token.clone().signed_with(signature));
    }
    assert_eq!(
        bench.verify(&bench.old.sign(bench.header().without("typ"), bench.claims())),
        Ok("7".to_owned())
    );
}

#[test]
fn only_access_tokens_of_a_person_are_taken() {
    let bench = Bench::new();
    bench.refuses_claims(
        "type",
        [json!("refresh"), json!("Access"), json!(""), json!(null), json!(["access"])],
    );
    bench.refuses_claims(
        "sub",
        [
            json!(-7),
            json!(7.0),
            json!(7.5),
            json!(""),
            json!(" 7"),
            json!(null),
            json!([7]),
            json!({ "id": 7 }),
            json!(true),
        ],
    );
    bench.refuses_claims("jti", [json!(null), json!(""), json!(1), json!("a".repeat(129))]);
    bench.refuses_claims("aud", [json!("other"), json!(["other"]), json!([]), json!(1)]);
    for claim in ["type", "sub", "jti", "exp", "iat"] {
        bench.refuses(&bench.signed(bench.claims().without(claim)));
    }
    for aud in [json!("recipes"), json!(["other", "recipes"])] {
        assert_eq!(bench.verify(&bench.signed(bench.claims().with("aud", aud))), Ok("7".to_owned()));
    }
    for more in ["\"sub\":8", "\"type\":\"access\"", "\"exp\":9999999999"] {
        for text in [bench.claims().preceded_by(more), bench.claims().followed_by(more)] {
            bench.refuses(&bench.old.sign(bench.header(), text));
        }
    }
}

/// T029, T031, T034, T035
#[test]
fn the_times_of_an_old_token_are_checked_like_those_of_ours() {
    let bench = Bench::new();
    let now = bench.old.now();
    let lives = |iat: i64, exp: i64| {
        bench.verify(&bench.signed(bench.claims().with("iat", json!(iat)).with("exp", json!(exp))))
    };
    assert_eq!(lives(now - 900, now - LEEWAY - 1), Err(Refusal::Expired));
    assert_eq!(lives(now - 60, now + 3540), Ok("7".to_owned()));
    // What revokes a token is remembered for an hour.
    for (iat, exp) in [
        (now, now + 3601),
        (now, now),
        (now, now - 1),
        (-1, now),
        (i64::MIN, i64::MAX),
        (now + 3600, now + 4500),
    ] {
        assert!(matches!(lives(iat, exp), Err(Refusal::Invalid(_))), "{iat} {exp}");
    }
    bench.refuses_claims("nbf", [json!(now + 3600), json!("0"), json!(1.5)]);
    bench.refuses_claims("exp", [json!((now + 900).to_string()), json!(null), json!(now as f64 + 900.5)]);
}

/// T029, T034, T035
#[test]
fn an_old_token_begins_and_ends_at_the_very_second() {
    let bench = Bench::new();
    let lives = |iat: i64, exp: i64| {
        bench
            .within_a_second(|now| bench.claims().with("iat", json!(now + iat)).with("exp", json!(now + exp)))
    };
    assert_eq!(lives(-900, -LEEWAY + 1), Ok("7".to_owned()));
    assert_eq!(lives(-900, -LEEWAY), Err(Refusal::Expired));
    assert_eq!(lives(LEEWAY, 900), Ok("7".to_owned()));
    assert_eq!(lives(LEEWAY + 1, 900), Err(Refusal::Invalid("not valid yet")));
    let begins = |after: i64| bench.within_a_second(|now| bench.claims().with("nbf", json!(now + after)));
    assert_eq!(begins(LEEWAY), Ok("7".to_owned()));
    assert_eq!(begins(LEEWAY + 1), Err(Refusal::Invalid("not valid yet")));
}

#[test]
fn old_tokens_have_their_time() {
    let bench = Bench::new();
    bench.clock.advance(Duration::from_secs(7000));
    bench.revocations.complete(bench.clock.clock().boot());
    let token = bench.signed(bench.claims());
    assert_eq!(bench.verify(&token), Ok("7".to_owned()));

    bench.clock.advance(Duration::from_secs(200));

    bench.refuses(&token);
    bench.refuses(&bench.signed(bench.claims()));
}

#[test]
fn an_old_token_is_ended_by_its_name() {
    let bench = Bench::new();
    let (ended, other) =
        (bench.signed(bench.claims()), bench.signed(bench.claims().with("jti", json!("another"))));

    bench.end(Kind::Token, bench.claims().0["jti"].as_str().unwrap());

    assert_eq!(bench.verify(&ended), Err(Refusal::Revoked));
    assert_eq!(bench.verify(&other), Ok("7".to_owned()));
}

#[test]
fn an_old_token_is_of_the_version_that_was_never_ended() {
    let bench = Bench::new();
    for (min_uv, answer) in [(0, None), (1, Some(Refusal::Revoked)), (i64::MAX, Some(Refusal::Revoked))] {
        assert_eq!(bench.admit(bench.read(), min_uv), answer, "{min_uv}");
    }
}

/// A database is asked whose an old token is, and time passes meanwhile: what it was believed for is looked at again.
#[test]
fn what_ends_while_it_is_asked_whose_an_old_token_is_ends_it() {
    for (kind, id) in [(Kind::Subject, SUB), (Kind::Token, "5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b")] {
        let bench = Bench::new();
        let token = bench.read();
        bench.end(kind, id);
        assert_eq!(bench.admit(token, 0), Some(Refusal::Revoked), "{kind:?}");
    }
    let bench = Bench::new();
    let token = bench.read();
    let longer = LegacyToken { exp: token.exp + 7200, ..token.clone() };
    bench.clock.advance(Duration::from_secs(900 + LEEWAY as u64));
    assert_eq!(bench.admit(token, 0), Some(Refusal::Expired));
    bench.clock.advance(HOUR);
    assert_eq!(bench.admit(longer, 0), Some(Refusal::RevocationsStale));
}

#[test]
fn a_blind_copy_says_nothing_of_old_tokens_either() {
    let bench = Bench::new();
    let token = bench.signed(bench.claims());
    bench.clock.advance(HOUR + Duration::from_secs(1));
    let again = bench.signed(bench.claims());
    assert_eq!(bench.verify(&again), Err(Refusal::RevocationsStale));
    assert_eq!(bench.verify(&token), Err(Refusal::Expired));
}

#[test]
fn a_weak_secret_is_none() {
    for weak in ["", "secret", "your-256-bit-secret", "0123456789abcdef0123456789abcde", &"a".repeat(64)] {
        assert!(LegacySecret::parse(weak).is_err(), "{weak}");
    }
    let strong = LegacySecret::parse("0123456789abcdef0123456789abcdef").unwrap();
    assert_eq!(format!("{strong:?}"), "[redacted]");
}
