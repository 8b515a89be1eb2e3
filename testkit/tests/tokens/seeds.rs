use std::path::Path;

use crate::fuzz;

/// Gives a target its seeds: those that are called good must be accepted and the others refused, or it would look at nothing.
fn replay(target: &str, check: fn(&[u8]) -> bool) {
    common::install_crypto();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let (mut good, mut bad) = (0, 0);
    for file in folder.read_dir().unwrap() {
        let path = file.unwrap().path();
        let is_good = path.file_name().unwrap().to_str().unwrap().starts_with("good");
        assert_eq!(check(&std::fs::read(&path).unwrap()), is_good, "{}", path.display());
        *if is_good { &mut good } else { &mut bad } += 1;
    }
    assert!(good >= 3 && bad >= 5, "{target} has {good} good seeds and {bad} others");
}

#[test]
fn seeds_of_headers() {
    replay("header", fuzz::header);
}

#[test]
fn seeds_of_claims() {
    replay("claims", fuzz::claims);
}

#[test]
fn seeds_of_key_sets() {
    replay("jwks", fuzz::jwks);
}

#[test]
fn seeds_of_tokens() {
    replay("token", fuzz::token);
}
