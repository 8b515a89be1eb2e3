//! What must hold of whatever the verifier is given. The targets give what libFuzzer makes up, the ordinary tests give the
//! seeds. Each answers whether what it was given was accepted.

use std::sync::LazyLock;

use common::clock::Clock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::token::{TYP, Verifier, layers};
use serde_json::{Value, json};

/// A header that is accepted says to every reader of JSON what it says to us.
pub fn header(bytes: &[u8]) -> bool {
    let Ok((alg, kid)) = layers::header(bytes) else { return false };
    assert!(!kid.is_empty());
    let value = any_json(bytes);
    assert_eq!((value["alg"].as_str(), value["kid"].as_str()), (Some(&*alg), Some(&*kid)));
    let plain = json!({ "alg": alg, "kid": kid, "typ": TYP }).to_string();
    assert_eq!(layers::header(plain.as_bytes()), Ok((alg, kid)));
    true
}

/// Claims that are accepted say to every reader of JSON what they say to us, and say it again when they are written anew.
pub fn claims(bytes: &[u8]) -> bool {
    let Ok(mut claims) = layers::claims(bytes) else { return false };
    // What is in it is anyone's, and its numbers may lose their last digit in being written.
    if let Some(person) = &mut claims.person {
        person.ext = None;
    }
    let (ours, all) = (json!(claims), any_json(bytes));
    for (name, value) in ours.as_object().expect("claims are an object") {
        assert_eq!(all.get(name), Some(value), "{name}");
    }
    assert_eq!(layers::claims(ours.to_string().as_bytes()), Ok(claims));
    true
}

/// A set that is accepted has keys, all of them public and its own.
pub fn jwks(bytes: &[u8]) -> bool {
    let Ok(set) = KeySet::parse(bytes) else { return false };
    let document = any_json(bytes);
    let members = document["keys"].as_array().expect("a set has a list of keys");
    let is_public = |key: &&Value| ["d", "p", "q", "k"].iter().all(|member| key.get(member).is_none());
    let is_taken = |key: &&Value| key["kid"].as_str().is_some_and(|kid| set.contains(kid));
    let taken = members.iter().filter(is_public).filter(is_taken).count();
    assert!(!set.is_empty() && set.len() <= taken, "{} keys of {taken}", set.len());
    true
}

/// Nobody has the keys any more that signed the seeds, so nothing else is believed. (Another signature of what a seed
/// says may be: of every signature by ECDSA there is a twin.)
pub fn token(bytes: &[u8]) -> bool {
    let Ok(token) = std::str::from_utf8(bytes) else { return false };
    let door = &*DOOR;
    door.turn_the_clock_back();
    if door.verifier.verify(token).is_err() {
        return false;
    }
    let said = |token: &str| token.rsplit_once('.').map(|(said, _)| said.to_owned());
    assert!(SIGNED.iter().any(|signed| said(signed) == said(token)), "forged: {token}");
    true
}

const SIGNED: [&str; 4] = [
    include_str!("../seeds/token/good-ed-dsa"),
    include_str!("../seeds/token/good-es256"),
    include_str!("../seeds/token/good-of-a-service"),
    include_str!("../seeds/token/good-rs256"),
];

/// When the seeds were good, in µs since 1970.
const THEN_US: i64 = 1_800_000_000_000_000;

struct Door {
    verifier: Verifier,
    revocations: Revocations,
    clock: Clock,
}

static DOOR: LazyLock<Door> = LazyLock::new(|| {
    common::install_crypto();
    let (clock, revocations) = (Clock::system(), Revocations::following(DAY, DAY));
    let keys =
        KeySet::parse(include_bytes!("../seeds/jwks/good-keys-of-the-seeds")).expect("the keys of the seeds");
    let verifier = Verifier::builder()
        .issuer("http://auth.test")
        .audience("recipes")
        .keys(Keys::held(keys))
        .revocations(revocations.clone())
        .build();
    Door { verifier, revocations, clock }
});

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl Door {
    /// A verifier lives on the clock of its issuer: this is what the issuer says that it is.
    fn turn_the_clock_back(&self) {
        let boot = self.clock.boot();
        self.revocations.set_time(THEN_US, boot, boot);
        self.revocations.complete(boot);
    }
}

fn any_json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("it was accepted and is no JSON")
}
