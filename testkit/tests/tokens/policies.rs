use common::token::vectors::{Policy, check_jwt};
use common::token::{MAX_LIFETIME_SECS, Refusal};
use serde_json::{Value, json};
use testkit::forge::Members;

use crate::verifier::Bench;

/// A policy that says of tokens what the profile says of them.
fn profile(bench: &Bench) -> Members {
    Members::default()
        .with("iss", json!(bench.forge.issuer))
        .with("aud", json!("recipes"))
        .with("leeway", json!(30))
        .with("now", json!(bench.forge.now()))
        .with("required", json!(["iss", "sub", "aud", "exp", "iat", "jti"]))
        .with("max_ttl", json!(MAX_LIFETIME_SECS))
}

fn check(bench: &Bench, claims: Members, policy: Members) -> Result<(), Refusal> {
    let policy: Policy = serde_json::from_value(Value::Object(policy.0)).unwrap();
    let algs =
        [jsonwebtoken::Algorithm::ES256, jsonwebtoken::Algorithm::EdDSA, jsonwebtoken::Algorithm::RS256];
    let token = bench.forge.with_claims(claims).to_string();
    check_jwt(&token, &bench.forge.key.jwks(), &algs, &policy)
}

#[test]
fn a_vector_is_checked_by_its_own_policy() {
    for bench in Bench::all() {
        let (claims, policy) = (bench.forge.claims(), profile(&bench));
        let now = bench.forge.now();
        assert_eq!(check(&bench, claims.clone(), policy.clone()), Ok(()));
        let one_text = claims.clone().with("aud", json!("recipes")).without("uv").without("sid");
        assert_eq!(check(&bench, one_text, policy.clone()), Ok(()));
        for (member, value) in [
            ("iss", json!("http://another.test")),
            ("aud", json!("auth2")),
            ("typ", json!("JWT")),
            ("required", json!(["ext"])),
            ("max_ttl", json!(60)),
            ("now", json!(now - 60)),
        ] {
            let answer = check(&bench, claims.clone(), policy.clone().with(member, value));
            assert!(matches!(answer, Err(Refusal::Invalid(_))), "{member}: {answer:?}");
        }
        for (claim, value) in
            [("aud", json!("auth")), ("aud", json!([])), ("sub", json!("")), ("exp", json!("0"))]
        {
            let answer = check(&bench, claims.clone().with(claim, value), policy.clone());
            assert!(matches!(answer, Err(Refusal::Invalid(_))), "{claim}: {answer:?}");
        }
        let later = policy.with("now", json!(now + 15 * 60 + 60));
        assert_eq!(check(&bench, claims, later), Err(Refusal::Expired));
    }
}
