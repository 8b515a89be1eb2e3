use std::sync::LazyLock;

use common::token::{MAX_TOKEN_BYTES, layers};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use testkit::forge::{Key, encoded};

use crate::fuzz;
use crate::oddly::{self, Oddness};
use crate::verifier::Bench;

static BENCH: LazyLock<Bench> = LazyLock::new(|| Bench::of(Key::es256()));

/// The JSON type of a value: what may stand in another's place without being seen.
fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..512)
}

/// Text in which every token of JSON may stand anywhere.
fn nearly_json() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\\u",
        "d800",
        "null",
        "true",
        "1",
        "-",
        "e",
        ".",
        " ",
        "\"alg\"",
        "\"kid\"",
        "\"typ\"",
        "\"at+jwt\"",
        "\"keys\"",
        "\"kty\"",
        "\"exp\"",
        "\"sub\"",
        "\"aud\"",
    ]);
    vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_a_layer_panic(bytes in bytes()) {
        fuzz::header(&bytes);
        fuzz::claims(&bytes);
        fuzz::jwks(&bytes);
        fuzz::token(&bytes);
    }

    #[test]
    fn no_text_that_is_nearly_json_makes_a_layer_panic(text in nearly_json()) {
        fuzz::header(text.as_bytes());
        fuzz::claims(text.as_bytes());
        fuzz::jwks(text.as_bytes());
        let token = format!("{}.{}.AAAA", encoded(&text), encoded(&text));
        prop_assert!(!fuzz::token(token.as_bytes()));
    }

    #[test]
    fn no_json_makes_a_layer_panic(value in oddly::value(), mut oddness in Oddness::any()) {
        let text = oddness.write(&value);
        fuzz::header(text.as_bytes());
        fuzz::claims(text.as_bytes());
        fuzz::jwks(text.as_bytes());
        let set = json!({ "keys": [value] }).to_string();
        prop_assert!(!fuzz::jwks(set.as_bytes()));
    }

    /// T003
    #[test]
    fn a_good_header_is_read_however_it_is_written(text in oddly::header(BENCH.forge.header())) {
        let key = &BENCH.forge.key;
        prop_assert_eq!(layers::header(text.as_bytes()), Ok((key.alg().to_owned(), key.kid().to_owned())));
        prop_assert!(fuzz::header(text.as_bytes()));
    }

    /// T003
    #[test]
    fn good_claims_are_read_however_they_are_written(
        of_a_person in oddly::claims(BENCH.forge.claims()),
        of_a_service in oddly::claims(BENCH.forge.service_claims()),
    ) {
        prop_assert!(fuzz::claims(of_a_person.as_bytes()), "{}", of_a_person);
        prop_assert!(fuzz::claims(of_a_service.as_bytes()), "{}", of_a_service);
    }

    /// T014, T021, T025
    #[test]
    fn no_other_type_stands_in_the_place_of_a_text_of_the_header(
        member in select(vec!["alg", "kid", "typ"]),
        value in oddly::value(),
    ) {
        prop_assume!(kind(&value) != kind(&json!("")));
        let text = BENCH.forge.header().with(member, value).to_string();
        prop_assert!(!fuzz::header(text.as_bytes()));
    }

    /// T028, T035, T036, T037, T039, T040
    #[test]
    fn no_other_type_stands_in_the_place_of_a_claim(at in any::<Index>(), value in oddly::value()) {
        let claims = BENCH.forge.claims();
        let (name, old) = at.get(&Vec::from_iter(claims.0.clone())).clone();
        prop_assume!(kind(&value) != kind(&old));
        prop_assert!(!fuzz::claims(claims.clone().with(&name, value).to_string().as_bytes()), "{}", name);
        prop_assert!(!fuzz::claims(claims.without(&name).to_string().as_bytes()), "no {}", name);
    }

    /// T015, T033, T041
    #[test]
    fn nothing_may_be_said_twice(name in oddly::text(), value in oddly::value(), at in any::<Index>()) {
        let twice = format!("{}:{value}", json!(format!("x-{name}")));
        let (header, claims) = (BENCH.forge.header(), BENCH.forge.claims());
        for more in [twice.clone(), own(&claims.0, at)] {
            let text = claims.followed_by(&format!("{twice},{more}"));
            prop_assert!(!fuzz::claims(text.as_bytes()), "{}", text);
        }
        for more in [twice.clone(), own(&header.0, at)] {
            let text = header.followed_by(&format!("{twice},{more}"));
            prop_assert!(!fuzz::header(text.as_bytes()), "{}", text);
        }
    }

    /// T071, T072
    #[test]
    fn a_key_with_another_member_is_left_out_or_still_a_public_key(
        key in select(vec![0_usize, 1, 2]),
        at in any::<Index>(),
        value in oddly::value(),
    ) {
        static KEYS: LazyLock<[Key; 3]> = LazyLock::new(|| [Key::es256(), Key::ed_dsa(), Key::rs256()]);
        common::install_crypto();
        let jwk = KEYS[key].jwk();
        let name = at.get(&Vec::from_iter(jwk.0.keys().cloned())).clone();
        for changed in [jwk.clone().with(&name, value.clone()), jwk.with("d", value)] {
            fuzz::jwks(json!({ "keys": [changed.0] }).to_string().as_bytes());
        }
    }

    /// T043, T044
    #[test]
    fn a_token_has_one_text(parts in vec(vec(any::<u8>(), 1..40), 3), at in any::<Index>(), other in any::<char>()) {
        let [header, payload, signature] = [0, 1, 2].map(|part: usize| encoded(&parts[part]));
        let token = format!("{header}.{payload}.{signature}");
        let read = layers::parts(&token).unwrap();
        prop_assert_eq!(&read, &(parts[0].clone(), parts[1].clone(), &*signature));
        let mut characters = Vec::from_iter(token.chars());
        let at = at.index(characters.len());
        prop_assume!(characters[at] != other);
        characters[at] = other;
        let changed = String::from_iter(characters);
        if let Ok(again) = layers::parts(&changed) {
            prop_assert_ne!(again, read, "two texts of one token: {} and {}", token, changed);
        }
    }

    /// T051
    #[test]
    fn nothing_too_long_is_taken_apart(more in 1_usize..5_000) {
        let token = format!("e30.{}.AAAA", "A".repeat(MAX_TOKEN_BYTES - 9 + more));
        prop_assert!(layers::parts(&token).is_err());
    }

    #[test]
    fn a_verifier_gives_what_was_signed(
        header in oddly::header(BENCH.forge.header()),
        claims in oddly::claims(BENCH.forge.claims()),
    ) {
        let token = BENCH.forge.sign(header, claims.clone()).to_string();
        prop_assume!(token.len() <= MAX_TOKEN_BYTES);
        let said = layers::claims(claims.as_bytes()).unwrap();
        for _ in 0..2 {
            let verified = BENCH.verifier.verify(&token).unwrap();
            prop_assert_eq!(&verified.claims, &said);
        }
    }
}

/// A member that is there already, as text.
fn own(members: &serde_json::Map<String, Value>, at: Index) -> String {
    let (name, value) = at.get(&Vec::from_iter(members)).to_owned();
    format!("{}:{value}", json!(name))
}
