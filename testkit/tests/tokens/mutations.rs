use testkit::forge::Token;

use crate::verifier::Bench;

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What may stand in the place of a character: its neighbours in the alphabet (which may differ in bits that are left
/// over), the other case, and what is nowhere in a token.
fn others(c: char) -> Vec<char> {
    let at = ALPHABET.find(c);
    let neighbour = |step: usize| at.map(|at| char::from(ALPHABET.as_bytes()[(at + step) % ALPHABET.len()]));
    let case = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let mut others: Vec<char> = [neighbour(1), neighbour(63), neighbour(32)].into_iter().flatten().collect();
    others.extend([case, '.', '=', '+', '\0', 'é']);
    others.retain(|other| *other != c);
    others
}

fn replaced(token: &str, at: usize, with: &str) -> String {
    format!("{}{with}{}", &token[..at], &token[at + 1..])
}

/// T042, T043, T044
#[test]
fn no_character_of_a_token_can_be_another() {
    for bench in Bench::all() {
        let token = bench.forge.token().to_string();
        assert!(bench.believes(&token));
        for (at, c) in token.char_indices() {
            for other in others(c) {
                let changed = replaced(&token, at, &other.to_string());
                assert!(!bench.believes(&changed), "{other:?} for {c:?} at {at} of {token}");
            }
        }
        assert!(bench.believes(&token));
    }
}

/// T044
#[test]
fn no_character_of_a_token_can_be_missing_or_there_twice() {
    for bench in Bench::all() {
        let token = bench.forge.token().to_string();
        for (at, c) in token.char_indices() {
            for with in [String::new(), format!("{c}{c}"), format!("{c}="), format!("{c} "), format!("{c}.")]
            {
                assert!(!bench.believes(&replaced(&token, at, &with)), "{with:?} at {at} of {token}");
            }
        }
    }
}

/// T042: the last character of a part is where bits are left over.
#[test]
fn the_last_character_of_a_part_has_one_value() {
    for bench in Bench::all() {
        // Some of each length, so that bits are left over in each part.
        for filling in ["", "a", "aa"] {
            let claims = bench.forge.claims().with("x", filling.into());
            let header = bench.forge.header().with("x", filling.into());
            let token = bench.forge.sign(header, claims);
            let lengths = [&token.header, &token.payload, &token.signature].map(String::len);
            let ends = [lengths[0], lengths[0] + 1 + lengths[1], lengths.iter().sum::<usize>() + 2];
            let token = token.to_string();
            assert!(bench.believes(&token));
            for end in ends {
                for other in ALPHABET.chars().filter(|other| !token[end - 1..].starts_with(*other)) {
                    let changed = replaced(&token, end - 1, &other.to_string());
                    assert!(!bench.believes(&changed), "{other:?} at {end} of {token}");
                }
            }
        }
    }
}

/// T016, T053
#[test]
fn no_byte_of_a_signature_can_be_missing() {
    for bench in Bench::all() {
        let token = bench.forge.token();
        let signature = token.signature_bytes();
        for length in 0..signature.len() {
            let shorter = token.clone().signed_with(&signature[..length]);
            assert!(!bench.believes(&shorter.to_string()), "{length} bytes of {token}");
        }
        let Token { header, payload, .. } = token;
        assert!(!bench.believes(&format!("{header}.{payload}")));
    }
}
