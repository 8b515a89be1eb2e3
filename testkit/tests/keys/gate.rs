use common::keys::{KeySet, KeySetError};
use serde_json::{Value, json};
use testkit::forge::{Hmac, Key, Members, encoded};

fn set(keys: &[&Members]) -> Vec<u8> {
    json!({ "keys": keys.iter().map(|key| &key.0).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// Checks that a key is left out, and that the one beside it goes on working.
fn assert_refused(what: &str, key: &Members) {
    common::install_crypto();
    let good = Key::es256();
    let accepted = KeySet::parse(&set(&[key, &good.jwk()])).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(accepted.len(), 1, "{what}");
    assert!(accepted.contains(good.kid()), "{what}");
    assert_eq!(KeySet::parse(&set(&[key])).err(), Some(KeySetError::Empty), "{what}");
}

/// T071
#[test]
fn keys_of_each_algorithm_are_taken() {
    common::install_crypto();
    for key in [Key::es256(), Key::ed_dsa(), Key::rs256()] {
        let verify_alone = key.jwk().with("key_ops", json!(["verify"]));
        for jwk in [key.jwk(), key.jwk().without("use"), verify_alone, key.jwk().with("x-own", json!(1))] {
            let accepted = KeySet::parse(&set(&[&jwk])).unwrap();
            assert_eq!(accepted.get(key.kid()).unwrap().alg_name(), key.alg());
        }
    }
}

/// T071
#[test]
fn a_set_that_is_none_is_refused_whole() {
    common::install_crypto();
    let key = Key::es256();
    assert_eq!(KeySet::parse(&set(&[])).err(), Some(KeySetError::Empty));
    let twice = Key::ed_dsa().named(key.kid());
    assert_eq!(KeySet::parse(&set(&[&key.jwk(), &twice.jwk()])).err(), Some(KeySetError::DuplicateKid));
    let bare = key.jwk().to_string();
    for text in ["", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":["key"]}"#, r#"{"keys":[null]}"#, &bare]
    {
        assert_eq!(KeySet::parse(text.as_bytes()).err(), Some(KeySetError::Malformed), "{text}");
    }
}

/// T071
#[test]
fn a_key_of_an_unknown_type_is_ignored() {
    let unknown = Members::default().with("kty", json!("AKP")).with("alg", json!("ML-DSA-65"));
    assert_refused("AKP", &unknown.with("kid", json!("pq")).with("pub", json!("AAAA")));
}

/// T071
#[test]
fn a_key_that_is_not_for_verifying_or_says_it_is_another_is_refused() {
    for key in [Key::es256(), Key::ed_dsa(), Key::rs256()] {
        let bad: [(&str, Value); 12] = [
            ("use", json!("enc")),
            ("use", json!(null)),
            ("use", json!(["sig"])),
            ("key_ops", json!(["sign"])),
            ("key_ops", json!(["verify", "sign"])),
            ("key_ops", json!(["encrypt"])),
            ("key_ops", json!([])),
            ("key_ops", json!("verify")),
            ("alg", json!("HS256")),
            ("alg", json!("none")),
            ("alg", json!(if key.alg() == "ES256" { "RS256" } else { "ES256" })),
            ("alg", json!(null)),
        ];
        for (member, value) in bad {
            assert_refused(&format!("{} with {member} {value}", key.alg()), &key.jwk().with(member, value));
        }
        assert_refused("without alg", &key.jwk().without("alg"));
        assert_refused("without kid", &key.jwk().without("kid"));
        for kid in [json!(""), json!(7), json!(null), json!("k".repeat(129))] {
            assert_refused("a bad kid", &key.jwk().with("kid", kid));
        }
    }
}

/// T071
#[test]
fn shared_secrets_and_private_keys_are_refused() {
    assert_refused("oct", &Key::hmac(Hmac::Hs256, [7; 32]).named("secret").jwk());
    for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        for key in [Key::es256(), Key::ed_dsa(), Key::rs256()] {
            assert_refused(member, &key.jwk().with(member, json!(encoded([7; 32]))));
        }
    }
}

/// T072
#[test]
fn points_that_are_none_are_refused() {
    let key = Key::es256().jwk();
    let other = Key::es256().jwk();
    assert_refused("off the curve", &key.clone().with("y", other.0["y"].clone()));
    for coordinate in ["x", "y"] {
        for bytes in [vec![], vec![0], vec![0; 32], vec![7; 31], vec![7; 33], vec![255; 32]] {
            assert_refused(coordinate, &key.clone().with(coordinate, json!(encoded(bytes))));
        }
        for text in [json!("="), json!("+/"), json!(7), json!(null)] {
            assert_refused(coordinate, &key.clone().with(coordinate, text));
        }
        assert_refused(coordinate, &key.clone().without(coordinate));
    }
    for curve in ["P-384", "P-521", "secp256k1", "Ed25519", "p-256", ""] {
        assert_refused(curve, &key.clone().with("crv", json!(curve)));
    }
    assert_refused("both zero", &key.with("x", json!(encoded([0; 32]))).with("y", json!(encoded([0; 32]))));
}

/// T072
#[test]
fn points_of_edwards_curves_that_prove_nothing_are_refused() {
    let key = Key::ed_dsa().jwk();
    for length in [0, 31, 33, 57] {
        assert_refused("a wrong length", &key.clone().with("x", json!(encoded(vec![7; length]))));
    }
    let point = |first: u8, last: u8| {
        let mut point = [0; 32];
        (point[0], point[31]) = (first, last);
        point
    };
    // The point at infinity, that of order 2's square root, and both with the other sign.
    for small in [point(0, 0), point(1, 0), point(0, 0x80), point(1, 0x80)] {
        assert_refused("a point of small order", &key.clone().with("x", json!(encoded(small))));
    }
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    assert_refused("the point of order 2", &key.clone().with("x", json!(encoded(minus_one))));
    for curve in ["Ed448", "X25519", "X448", "P-256", ""] {
        assert_refused(curve, &key.clone().with("crv", json!(curve)));
    }
}

/// T072
#[test]
fn weak_keys_of_rsa_are_refused() {
    let key = Key::rs256();
    let jwk = key.jwk();
    for exponent in ["AQ", "Aw", "AQAA", "AAEAAQ", ""] {
        assert_refused("another exponent", &jwk.clone().with("e", json!(exponent)));
    }
    let modulus = key.rsa_modulus();
    let mut even = modulus.clone();
    *even.last_mut().unwrap() &= 0xfe;
    let padded = [&[0][..], &modulus].concat();
    let short = modulus[modulus.len() - 128..].to_vec();
    let huge = [&modulus[..], &modulus, &modulus].concat();
    for (what, n) in
        [("even", even), ("padded", padded), ("1024 bits", short), ("9216 bits", huge), ("empty", vec![])]
    {
        assert_refused(what, &jwk.clone().with("n", json!(encoded(n))));
    }
    assert_refused("ROCA (CVE-2017-15361)", &jwk.with("n", json!(encoded(power_of_65537(128)))));
}

/// Big-endian: of the form of the moduli that can be factored, modulo every prime.
fn power_of_65537(exponent: usize) -> Vec<u8> {
    let mut number = vec![1_u8];
    for _ in 0..exponent {
        // n · 65537 = n · 2¹⁶ + n
        let (mut carry, mut product) = (0, number.clone());
        product.extend([0, 0]);
        for at in (0..product.len()).rev() {
            let from_end = product.len() - 1 - at;
            let addend = number.len().checked_sub(from_end + 1).map_or(0, |at| number[at]);
            let sum = u16::from(product[at]) + u16::from(addend) + carry;
            (product[at], carry) = (sum as u8, sum >> 8);
        }
        if carry > 0 {
            product.insert(0, carry as u8);
        }
        number = product;
    }
    number
}
