use serde_json::{Value, json};
use testkit::forge::{encoded, sealed};
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::{key, on};

fn ours() -> Value {
    json!({ "alg": "dir", "enc": "A256GCM", "typ": "at+jwt", "cty": "JWT", "kid": "seal.1" })
}

fn with(name: &str, value: Value) -> Value {
    let mut header = ours();
    header[name] = value;
    header
}

fn without(name: &str) -> Value {
    let mut header = ours();
    header.as_object_mut().unwrap().remove(name);
    header
}

/// Checks that both services refuse a token, between two that they believe.
async fn assert_refused(stack: &TestStack, good: &str, token: &str, what: &str) {
    for believed in [true, false, true] {
        let token = if believed { good } else { token };
        let (me, list) = (stack.me(token).await, stack.list_recipes(token, "").await);
        if believed {
            assert_eq!((me.status, list.status), (200, 200), "{what}");
        } else {
            me.assert_invalid_token();
            list.assert_invalid_token();
        }
    }
}

/// T045, T046, T047: only what ours says is taken, even of somebody who has the key.
#[both]
async fn a_header_that_says_anything_else_is_refused(options: Options) {
    let stack = on(options).start().await;
    let (key, inner) = (key(&stack), stack.forge().await.token().to_string());
    let sealed_under = |header: &Value| sealed(header.to_string(), key.expose(), &inner).join(".");
    let person = stack.logged_in().await.access_token;
    // The signed token that is sealed in all of these is a good one of nobody, which recipe-service believes.
    stack.list_recipes(&sealed_under(&ours()), "").await.assert_status(200);
    stack.list_recipes(&sealed_under(&with("typ", json!("application/at+jwt"))), "").await.assert_status(200);
    for header in [
        with("alg", json!("A256KW")),
        with("alg", json!("A256GCMKW")),
        with("alg", json!("RSA-OAEP")),
        with("alg", json!("RSA1_5")),
        with("alg", json!("ECDH-ES")),
        with("alg", json!("none")),
        with("alg", json!("DIR")),
        with("alg", json!("PBES2-HS256+A128KW")),
        json!({
            "alg": "PBES2-HS512+A256KW", "enc": "A256GCM", "typ": "at+jwt", "cty": "JWT", "kid": "seal.1",
            "p2s": "AAAAAAAAAAA", "p2c": 2_147_483_648_u64
        }),
        with("p2c", json!(1)),
        with("enc", json!("A128GCM")),
        with("enc", json!("A256CBC-HS512")),
        with("enc", json!("a256gcm")),
        with("zip", json!("DEF")),
        with("zip", Value::Null),
        with("crit", json!(["exp"])),
        with("epk", json!({})),
        with("apu", json!("")),
        with("jwk", json!({})),
        with("jku", json!("http://keys.test")),
        with("x5u", json!("http://keys.test")),
        with("iss", json!("http://auth.test")),
        with("typ", json!("JWT")),
        with("cty", json!("at+jwt")),
        with("cty", json!("json")),
        with("kid", json!("")),
        with("kid", json!("seal.2")),
        with("kid", json!("seal.256")),
        with("kid", json!("seal.")),
        with("kid", json!("seal.+1")),
        with("kid", json!("seal.01")),
        with("kid", json!(1)),
        without("alg"),
        without("enc"),
        without("typ"),
        without("cty"),
        without("kid"),
        json!([]),
    ] {
        assert_refused(&stack, &person, &sealed_under(&header), &header.to_string()).await;
    }
    let twice = ours().to_string().replacen('{', "{\"alg\":\"dir\",", 1);
    assert_refused(&stack, &person, &sealed(twice, key.expose(), &inner).join("."), "alg twice").await;
}

/// T045, T046
#[both]
async fn a_seal_that_is_broken_or_of_another_shape_is_refused(options: Options) {
    let stack = on(options).start().await;
    let (key, forge) = (key(&stack), stack.forge().await);
    let (person, inner) = (stack.logged_in().await.access_token, forge.token().to_string());
    let good = sealed(ours().to_string(), key.expose(), &inner);
    stack.list_recipes(&good.join("."), "").await.assert_status(200);
    let changed = |part: usize, to: &str| {
        let mut parts = good.clone();
        parts[part] = to.to_owned();
        parts.join(".")
    };
    let header = encoded(format!(" {}", ours()));
    let short_tag = &good[4][..good[4].len() - 2];
    for (what, token) in [
        ("another key", sealed(ours().to_string(), &[9; 32], &inner).join(".")),
        ("another header", changed(0, &header)),
        ("an encrypted key", changed(1, "AAAA")),
        ("another nonce", changed(2, &encoded([8; 12]))),
        ("a long nonce", changed(2, &encoded([7; 16]))),
        ("no nonce", changed(2, "")),
        ("another text", changed(3, &encoded(vec![0; 300]))),
        ("no text", changed(3, "")),
        ("another tag", changed(4, &encoded([0; 16]))),
        ("a short tag", changed(4, short_tag)),
        ("no tag", changed(4, "")),
        ("a part more", format!("{}.x", good.join("."))),
        ("a part less", good[..4].join(".")),
        ("not signed", sealed(ours().to_string(), key.expose(), "{\"sub\":\"me\"}").join(".")),
        ("alg none", {
            let none = forge.sign("{\"alg\":\"none\"}", forge.claims()).signed_with(Vec::new()).to_string();
            sealed(ours().to_string(), key.expose(), none).join(".")
        }),
        ("sealed twice", sealed(ours().to_string(), key.expose(), good.join(".")).join(".")),
        ("not UTF-8", sealed(ours().to_string(), key.expose(), [0xff, b'.', b'.']).join(".")),
        ("too long", sealed(ours().to_string(), key.expose(), "a".repeat(4096)).join(".")),
        (
            "JSON",
            json!({ "protected": good[0], "iv": good[2], "ciphertext": good[3], "tag": good[4] }).to_string(),
        ),
    ] {
        assert_refused(&stack, &person, &token, what).await;
    }
    let expired = forge.claims().with("exp", json!(forge.now() - 60)).with("iat", json!(forge.now() - 600));
    let expired = sealed(ours().to_string(), key.expose(), forge.with_claims(expired).to_string()).join(".");
    stack.list_recipes(&expired, "").await.assert_problem(401, "token_expired");
}
