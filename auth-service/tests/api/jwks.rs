//! GET /.well-known/jwks.json, and what is beside it: /healthz.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use testkit::forge::{Token, decoded};
use testkit::stack::Options;
use testkit::{Answer, TestStack, both, two_copies};

use crate::answers::members;

fn keys(jwks: &Answer) -> Vec<Value> {
    jwks.assert_ok().json()["keys"].as_array().expect("no keys").clone()
}

fn kids(jwks: &Answer) -> Vec<String> {
    keys(jwks).iter().map(|key| key["kid"].as_str().expect("no kid").to_owned()).collect()
}

/// T063, T065
#[both]
async fn the_public_keys_are_published_and_nothing_of_the_private_ones(stack: TestStack) {
    let jwks = stack.jwks().await;
    jwks.assert_status(200);
    assert_eq!(jwks.header("content-type"), "application/jwk-set+json");
    let cached = "public, max-age=60, stale-while-revalidate=30, stale-if-error=86400";
    assert_eq!(jwks.header("cache-control"), cached);
    assert_eq!(jwks.header("x-content-type-options"), "nosniff");
    let body = jwks.json();
    assert_eq!(members(&body), ["epoch", "keys"]);
    let epoch: uuid::Uuid = body["epoch"].as_str().unwrap().parse().unwrap();
    assert_eq!(epoch.get_version_num(), 7);

    let keys = keys(&jwks);
    // The one that signs, and the next one, so that every verifier has it before it does.
    assert_eq!(keys.len(), 2);
    for key in &keys {
        assert_eq!(members(key), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
            (&"EC".into(), &"P-256".into(), &"ES256".into(), &"sig".into())
        );
        for coordinate in ["x", "y"] {
            assert_eq!(URL_SAFE_NO_PAD.decode(key[coordinate].as_str().unwrap()).unwrap().len(), 32);
        }
    }
    let distinct: HashSet<String> = kids(&jwks).into_iter().collect();
    assert_eq!(distinct.len(), keys.len());
}

/// T066: a kid is the thumbprint of its key (RFC 7638).
#[both]
async fn a_kid_is_the_thumbprint_of_its_key(stack: TestStack) {
    for key in keys(&stack.jwks().await) {
        let text = |member: &str| key[member].as_str().unwrap().to_owned();
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, text("x"), text("y"));
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, canonical.as_bytes());
        assert_eq!(text("kid"), URL_SAFE_NO_PAD.encode(digest));
    }
}

#[both]
async fn tokens_are_signed_with_a_published_key(stack: TestStack) {
    let token = stack.logged_in().await.access_token;
    let header: Value = serde_json::from_slice(&decoded(&Token::parse(&token).header)).unwrap();
    assert_eq!(members(&header), ["alg", "kid", "typ"]);
    assert_eq!((&header["alg"], &header["typ"]), (&"ES256".into(), &"at+jwt".into()));
    assert!(kids(&stack.jwks().await).contains(&header["kid"].as_str().unwrap().to_owned()));
}

/// T064
#[both]
async fn an_operator_chooses_what_is_signed_with(options: Options) {
    for (alg, kty) in [("EdDSA", "OKP"), ("RS256", "RSA")] {
        let stack = options.clone().set("AUTH_SIGNING_ALG", alg).start().await;
        for key in keys(&stack.jwks().await) {
            assert_eq!((&key["alg"], &key["kty"]), (&alg.into(), &kty.into()));
            if let Some(n) = key["n"].as_str() {
                assert_eq!(URL_SAFE_NO_PAD.decode(n).unwrap().len() * 8, 3072);
                assert_eq!(key["e"], "AQAB");
            }
        }
        let session = stack.logged_in().await;
        stack.me(&session).await.assert_status(200);
        stack.list_recipes(&session, "").await.assert_status(200);
        assert!(session.access_token.len() < 2048);
    }
}

#[both]
async fn who_has_the_keys_already_is_told_so(stack: TestStack) {
    let jwks = stack.jwks().await;
    let etag = jwks.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let ask = async |known: &str| {
        stack.auth.get("/.well-known/jwks.json").header("if-none-match", known).send().await
    };
    for known in [&*etag, "*", &format!("\"x\", {etag}"), &format!("W/{etag}")] {
        let unchanged = ask(known).await;
        unchanged.assert_status(304);
        assert!(unchanged.body.is_empty());
        assert_eq!(unchanged.header("etag"), etag);
        assert_eq!(unchanged.header("cache-control"), jwks.header("cache-control"));
    }
    for other in ["\"x\"", "W/\"x\"", "\"\""] {
        assert_eq!(ask(other).await.body, jwks.body);
    }
    ask("no tag").await.assert_problem(400, "invalid_parameter");
}

/// T065
#[both]
async fn keys_are_only_read(stack: TestStack) {
    let jwks = stack.jwks().await;
    let head = stack
        .auth
        .raw("HEAD /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    head.assert_status(200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("etag"), jwks.header("etag"));
    for request in [stack.auth.post("/.well-known/jwks.json"), stack.auth.delete("/.well-known/jwks.json")] {
        let answer = request.send().await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
    let unknown = stack.auth.get("/.well-known/jwks.json?kid=x").send().await;
    unknown.assert_problem(400, "unknown_parameter");
}

#[two_copies]
async fn copies_publish_the_same_keys(stack: TestStack) {
    let (one, other) = (stack.auth(0).jwks().await, stack.auth(1).jwks().await);
    assert_eq!(one.body, other.body);
    assert_eq!(one.header("etag"), other.header("etag"));
}

/// T066: a service that starts again on its database has its keys.
#[both]
async fn keys_outlive_the_service(stack: TestStack) {
    let before = kids(&stack.jwks().await);
    let after = stack.as_operator(async |auth| auth.jwks().body.clone()).await;
    let after: Value = serde_json::from_slice(&after).unwrap();
    let after: Vec<&str> =
        after["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(before, after);
}

#[both]
async fn a_service_that_serves_says_which_version(stack: TestStack) {
    let health = stack.auth.get("/healthz").send().await;
    health.assert_status(200);
    assert_eq!(health.json(), serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
    stack.auth.get("/healthz?verbose=1").send().await.assert_problem(400, "unknown_parameter");
}
