use std::net::TcpListener;
use std::time::Duration;

use common::behalf::{self, Behalf};
use common::clock::TestClock;
use common::keys::{FetchedKeys, JwksSource};
use common::revocations::{Epochs, Revocations};
use common::token::{Refusal, Verifier};
use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use testkit::eventually;
use testkit::forge::{Forge, Key};
use url::Url;
use uuid::Uuid;

use crate::issuer::{Behaviour, Issuer};

const HOUR: Duration = Duration::from_secs(3600);
const COOL_DOWN: Duration = Duration::from_secs(10);

/// Long for what does not wait for an issuer, and short for what does.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A verifier that fetches its keys, and somebody who has the issuer's.
struct Bench {
    clock: TestClock,
    forge: Forge,
    keys: FetchedKeys,
    verifier: Verifier,
}

impl Bench {
    fn at(url: Url) -> Self {
        common::install_crypto();
        let clock = TestClock::new();
        let forge = Forge::new("http://auth.test", Key::es256(), clock.clock());
        let keys = FetchedKeys::follow(JwksSource { url, clock: clock.clock(), epochs: Epochs::default() });
        let verifier = Verifier::builder()
            .issuer("http://auth.test")
            .audience("recipes")
            .keys(keys.keys())
            .revocations(Revocations::asked_in_the_database())
            .clock(clock.clock())
            .build();
        Self { clock, forge, keys, verifier }
    }

    /// The right answer of the issuer.
    fn right(&self) -> Behaviour {
        Behaviour::Body(self.forge.key.jwks())
    }

    /// A token of a key that the issuer does not have.
    fn foreign(&self) -> String {
        self.forge.with_key(Key::es256()).token().to_string()
    }

    /// What is said of a token, whose key is known, without waiting for anyone.
    async fn answer(&self, token: &str) -> Option<Refusal> {
        let answer = tokio::time::timeout(AT_ONCE, self.verifier.authenticate(token)).await;
        answer.expect("it waits for the issuer").err()
    }

    async fn assert_believed(&self) {
        assert_eq!(self.answer(&self.forge.token().to_string()).await, None);
    }

    async fn assert_not_ready(&self) {
        assert!(!self.keys.keys().is_loaded());
        assert_eq!(self.answer(&self.forge.token().to_string()).await, Some(Refusal::KeysUnavailable));
    }

    async fn until_loaded(&self) {
        eventually("the keys are loaded", async || self.keys.keys().is_loaded().then_some(())).await;
    }
}

/// Answers that are no keys, and come at once.
fn bad_answers() -> Vec<Behaviour> {
    let nowhere = Issuer::start(Behaviour::Status(404)).url();
    vec![
        Behaviour::HangUp,
        Behaviour::Status(500),
        Behaviour::Status(404),
        Behaviour::Status(204),
        Behaviour::Html,
        Behaviour::Redirect(nowhere),
        Behaviour::Huge,
        Behaviour::Body(Vec::new()),
        Behaviour::Body(b"null".to_vec()),
        Behaviour::Body(br#"{"keys":[]}"#.to_vec()),
    ]
}

/// T070
#[tokio::test]
async fn an_issuer_that_answers_nonsense_from_the_start_is_asked_until_it_answers_keys() {
    for behaviour in bad_answers() {
        let issuer = Issuer::start(behaviour.clone());
        let bench = Bench::at(issuer.url());
        bench.assert_not_ready().await;
        eventually("it is asked again", async || (issuer.asked() >= 2).then_some(())).await;
        bench.assert_not_ready().await;

        issuer.behave(bench.right());
        bench.until_loaded().await;
        bench.assert_believed().await;
    }
}

/// T070
#[tokio::test]
async fn an_issuer_that_is_down_at_the_start_is_found_when_it_comes() {
    let place = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = place.local_addr().unwrap();
    drop(place);
    let bench = Bench::at(format!("http://{addr}/jwks.json").parse().unwrap());
    bench.assert_not_ready().await;

    let _issuer = Issuer::listening(TcpListener::bind(addr).unwrap(), bench.right());
    bench.until_loaded().await;
    bench.assert_believed().await;
}

/// T070: after the five seconds that a request may take.
#[tokio::test]
async fn an_issuer_that_hangs_or_stalls_is_left_and_asked_again() {
    let hangs = async |behaviour| {
        let issuer = Issuer::start(behaviour);
        let bench = Bench::at(issuer.url());
        eventually("it is asked", async || (issuer.asked() == 1).then_some(())).await;
        bench.assert_not_ready().await;
        issuer.behave(bench.right());
        bench.until_loaded().await;
        bench.assert_believed().await;
    };
    join(hangs(Behaviour::Hang), hangs(Behaviour::Stall)).await;
}

/// T070
#[tokio::test]
async fn known_keys_work_for_a_day_while_the_issuer_misbehaves_and_no_longer() {
    for behaviour in bad_answers().into_iter().chain([Behaviour::Hang, Behaviour::Stall]) {
        let issuer = Issuer::start(Behaviour::HangUp);
        let bench = Bench::at(issuer.url());
        issuer.behave(bench.right());
        bench.until_loaded().await;

        issuer.behave(behaviour.clone());
        let asked = issuer.asked();
        bench.keys.changed().refetch();
        eventually("it is asked", async || (issuer.asked() > asked).then_some(())).await;
        bench.assert_believed().await;
        if !matches!(behaviour, Behaviour::Hang | Behaviour::Stall) {
            assert_eq!(bench.answer(&bench.foreign()).await, Some(Refusal::KeysUnavailable), "{behaviour:?}");
        }

        bench.clock.advance(24 * HOUR - Duration::from_secs(60));
        let remembered = bench.forge.token().to_string();
        assert_eq!(bench.answer(&remembered).await, None);
        bench.clock.advance(Duration::from_secs(120));
        for token in [remembered, bench.forge.token().to_string()] {
            assert_eq!(bench.answer(&token).await, Some(Refusal::KeysUnavailable), "{behaviour:?}");
        }
    }
}

/// T070, T075: a redirect is not followed.
#[tokio::test]
async fn keys_are_fetched_from_nowhere_but_the_configured_place() {
    let elsewhere = Issuer::start(Behaviour::HangUp);
    let issuer = Issuer::start(Behaviour::Redirect(elsewhere.url()));
    let bench = Bench::at(issuer.url());
    elsewhere.behave(bench.right());
    eventually("it is asked", async || (issuer.asked() >= 2).then_some(())).await;
    bench.assert_not_ready().await;
    assert_eq!(elsewhere.asked(), 0);
}

/// T069
#[tokio::test]
async fn a_flood_of_unknown_keys_is_one_request_in_each_cool_down() {
    let issuer = Issuer::start(Behaviour::HangUp);
    let bench = Bench::at(issuer.url());
    issuer.behave(bench.right());
    bench.until_loaded().await;
    let known = bench.forge.token().to_string();

    for round in 1..=2 {
        let asked = issuer.asked();
        let tokens: Vec<_> = (0..10_000)
            .map(|_| {
                let kid = Uuid::new_v4().to_string();
                let header = bench.forge.header().with("kid", kid.into());
                bench.forge.sign(header, bench.forge.claims()).signed_with(vec![7; 64]).to_string()
            })
            .collect();
        for some in tokens.chunks(1_000) {
            let answers = join_all(some.iter().map(|token| bench.answer(token))).await;
            assert!(answers.iter().all(|answer| *answer == Some(Refusal::UnknownKey)));
            assert_eq!(bench.answer(&known).await, None);
        }
        assert_eq!(issuer.asked() - asked, 1, "round {round}");
        bench.clock.advance(COOL_DOWN);
    }
}

/// Who follows a request from service to service sees what it led to here, and nothing that it did not.
#[tokio::test]
async fn a_fetch_carries_on_the_trace_of_the_request_that_led_to_it() {
    let issuer = Issuer::start(Behaviour::HangUp);
    let bench = Bench::at(issuer.url());
    issuer.behave(bench.right());
    bench.until_loaded().await;
    assert!(!issuer.last_head().contains("traceparent"));
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let behalf = Behalf {
        request_id: "the-request".to_owned(),
        traceparent: Some(traceparent.to_owned()),
        client: None,
    };
    let (asked, foreign) = (issuer.asked(), bench.foreign());

    behalf::during(Some(behalf), || bench.verifier.authenticate(&foreign).now_or_never().is_none());

    eventually("it was asked", async || (issuer.asked() > asked).then_some(())).await;
    assert!(
        issuer.last_head().contains(&format!("traceparent: {traceparent}\r\n")),
        "{}",
        issuer.last_head()
    );
    bench.keys.changed().refetch();
    eventually("it was asked again", async || (issuer.asked() > asked + 1).then_some(())).await;
    assert!(!issuer.last_head().contains("traceparent"));
}

/// The feed's word goes past the cool-down.
#[tokio::test]
async fn changed_keys_are_fetched_whatever_was_fetched_lately() {
    let issuer = Issuer::start(Behaviour::HangUp);
    let bench = Bench::at(issuer.url());
    issuer.behave(bench.right());
    bench.until_loaded().await;
    let newer = bench.forge.with_key(Key::ed_dsa());
    assert_eq!(bench.answer(&newer.token().to_string()).await, Some(Refusal::UnknownKey));

    issuer.behave(Behaviour::Body(newer.key.jwks()));
    assert_eq!(bench.answer(&newer.token().to_string()).await, Some(Refusal::UnknownKey));
    bench.keys.changed().refetch();
    let token = newer.token().to_string();
    eventually("the new key is here", async || bench.answer(&token).await.is_none().then_some(())).await;
    // The old one is not the issuer's any more.
    assert_eq!(bench.answer(&bench.forge.token().to_string()).await, Some(Refusal::UnknownKey));
}

/// What the issuer answers in this life of its keys.
fn in_life(key: &Key, epoch: Uuid) -> Behaviour {
    let mut answer: Value = serde_json::from_slice(&key.jwks()).unwrap();
    answer["epoch"] = json!(epoch);
    Behaviour::Body(answer.to_string().into_bytes())
}

/// A copy of the issuer on an older database publishes keys that were given up since: they count for nothing, and those of
/// the present life go on.
#[tokio::test]
async fn keys_of_an_older_life_are_no_answer() {
    let life = |second: u128| Uuid::from_u128(second << 80);
    let issuer = Issuer::start(Behaviour::HangUp);
    let bench = Bench::at(issuer.url());
    issuer.behave(in_life(&bench.forge.key, life(2)));
    bench.until_loaded().await;
    let other = bench.forge.with_key(Key::es256());
    let answer = async || bench.verifier.authenticate(&other.token().to_string()).await.err();

    issuer.behave(in_life(&other.key, life(1)));
    assert_eq!(answer().await, Some(Refusal::KeysUnavailable));
    bench.assert_believed().await;

    // The same keys are good ones in a life that comes later.
    bench.clock.advance(COOL_DOWN);
    issuer.behave(in_life(&other.key, life(3)));
    assert_eq!(answer().await, None);
}
