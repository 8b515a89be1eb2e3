use std::io::Write;

use common::token::MAX_TOKEN_BYTES;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::oddly;
use crate::verifier::Bench;

/// Tokens of each algorithm, written in whatever way, that we believe.
const TOKENS: usize = 64;

/// T003: whatever we believe, two other implementations believe the signature of. Were it otherwise, one of us would read
/// something else than was signed.
#[actix_rt::test]
async fn whatever_we_believe_others_believe_the_signature_of() {
    let mut runner = TestRunner::deterministic();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for bench in Bench::all() {
        let parts = (oddly::header(bench.forge.header()), oddly::claims(bench.forge.claims()));
        let signed = std::iter::repeat_with(|| {
            let (header, claims) = parts.new_tree(&mut runner).unwrap().current();
            bench.forge.sign(header, claims).to_string()
        });
        for token in signed.filter(|token| token.len() <= MAX_TOKEN_BYTES).take(TOKENS) {
            assert!(bench.believes(&token), "{token}");
            writeln!(file, "{}", json!({ "token": token, "jwk": bench.forge.key.jwk().0 })).unwrap();
        }
    }
    let answer = testkit::python("check_signatures.py", &[file.path().to_str().unwrap()]).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer, json!({ "tokens": 3 * TOKENS, "PyJWT": [], "joserfc": [], "tampered": 0 }));
}
