use std::os::unix::fs::MetadataExt;

use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::{File, checks, token};
use crate::answers::{claims, header};

/// A place where there is no file yet.
fn nowhere() -> (File, String) {
    let file = File::new("");
    let path = file.folder.path().join("new").to_str().unwrap().to_owned();
    (file, path)
}

#[test]
fn a_token_by_hand_passes_what_its_own_key_can_prove() {
    for alg in ["ES256", "EdDSA", "RS256"] {
        let (_kept, path) = nowhere();
        let made = token(&["encode", "--alg", alg, "--key-out", &path]);
        assert_eq!((made.code, made.err.as_str()), (0, ""));
        assert_eq!(header(made.out.trim())["alg"], alg);
        let said = token(&["explain", made.out.trim(), "--key", &path, "--json"]);
        assert_eq!((said.code, checks(&said, "FAILS")), (0, vec![]), "{}", said.out);
        let jwk: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(jwk.get("d").is_none(), "{jwk}");
        let again = token(&["encode", "--alg", alg, "--key-out", &path]);
        assert_eq!((again.code, again.out.as_str()), (1, ""), "it wrote over a file");
    }
}

#[test]
fn a_secret_is_made_once_and_kept_from_others() {
    let (_kept, path) = nowhere();
    let made = token(&["encode", "--alg", "HS256", "--secret-file", &path]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let secret = std::fs::read_to_string(&path).unwrap();
    assert!(!made.out.contains(secret.trim()) && !made.err.contains(secret.trim()));
    for made in [made, token(&["encode", "--alg", "HS256", "--secret-file", &path])] {
        let said = token(&["explain", made.out.trim(), "--secret-file", &path, "--json"]);
        assert_eq!(checks(&said, "FAILS"), ["typ", "kid"], "{}", said.out);
    }
    assert_eq!(token(&["encode", "--alg", "HS256", "--secret-file", &File::new("short").path()]).code, 1);
    assert_eq!(token(&["encode", "--alg", "HS256"]).code, 2);
    assert_eq!(token(&["encode", "--alg", "none"]).code, 1);
}

#[test]
fn claims_and_header_are_as_they_are_asked_for() {
    let wanted = json!({ "sub": "client:me", "sid": null, "extra": [1, "둘"] }).to_string();
    let made = token(&[
        "encode",
        "--claims",
        &wanted,
        "--header",
        "{\"typ\":null,\"crit\":[\"x\"]}",
        "--lifetime",
        "1m",
    ]);
    let (claims, header) = (claims(made.out.trim()), header(made.out.trim()));
    assert_eq!((&claims["sub"], &claims["extra"]), (&json!("client:me"), &json!([1, "둘"])));
    assert!(claims.get("sid").is_none() && header.get("typ").is_none(), "{claims} {header}");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    assert_eq!(header["crit"], json!(["x"]));
    assert!(made.err.contains("\"kty\":\"EC\""), "{}", made.err);
    for bad in ["[]", "{", "1"] {
        assert_eq!(token(&["encode", "--claims", bad]).code, 1);
    }
}

/// Whoever has the program has no more than anybody who can sign.
#[both]
async fn no_service_believes_a_token_by_hand(stack: TestStack) {
    let made = token(&["encode", "--claims", &json!({ "iss": stack.auth.public_url }).to_string()]);
    stack.me(made.out.trim()).await.assert_invalid_token();
    stack.list_recipes(made.out.trim(), "").await.assert_invalid_token();
    let kid = header(&stack.logged_in().await.access_token)["kid"].clone();
    let named = json!({ "kid": kid }).to_string();
    let made = token(&[
        "encode",
        "--header",
        &named,
        "--claims",
        &json!({ "iss": stack.auth.public_url }).to_string(),
    ]);
    stack.me(made.out.trim()).await.assert_invalid_token();
    stack.list_recipes(made.out.trim(), "").await.assert_invalid_token();
}
