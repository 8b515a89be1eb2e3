//! The algorithm is the key's, whatever a token says.

use serde_json::{Value, json};
use testkit::forge::{Hmac, Key, Token, decoded, encoded};
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::door::Door;

/// T010
#[both]
async fn a_token_without_a_signature_is_refused_however_none_is_spelt(stack: TestStack) {
    let door = Door::of(&stack).await;
    for alg in ["none", "None", "NONE", "nOnE", "none ", " none", "n\u{43e}ne", "none\0", ""] {
        let header = door.forge.header().with("alg", json!(alg));
        let real = door.forge.with_header(header);
        door.refuses(format!("{alg:?}, empty"), real.clone().signed_with([])).await;
        door.refuses(format!("{alg:?}, zero"), real.clone().signed_with([0; 64])).await;
        door.refuses(format!("{alg:?}, real"), real).await;
    }
}

/// T011
#[both]
async fn a_public_key_is_no_shared_secret(stack: TestStack) {
    let door = Door::of(&stack).await;
    for secret in public_texts(&door, stack.jwks().await.body) {
        for alg in [Hmac::Hs256, Hmac::Hs384, Hmac::Hs512] {
            let forge = door.forge.with_key(Key::hmac(alg, &secret).named(door.forge.key.kid()));
            door.refuses(format!("{alg:?} with {:?}", String::from_utf8_lossy(&secret)), forge.token()).await;
        }
    }
}

/// Everything that a stranger knows of the key, in the forms in which libraries were seen to take it for a secret.
fn public_texts(door: &Door<'_>, jwks: Vec<u8>) -> Vec<Vec<u8>> {
    let key = &door.forge.key;
    let (pem, jwk) = (key.pem(), key.jwk());
    let body = pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let x = jwk.0["x"].as_str().expect("a key on a curve has an x").to_owned();
    let mut texts = vec![pem.trim_end().to_owned(), format!(" {pem}"), pem.replace('\n', "\r\n"), pem, body];
    texts.extend([
        jwk.to_string(),
        x.clone(),
        key.kid().to_owned(),
        String::new(),
        "secret".to_owned(),
        "\0".to_owned(),
    ]);
    let mut texts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    texts.extend([key.spki(), key.jwks(), decoded(&x), jwks]);
    texts
}

/// T012
#[both]
async fn a_token_that_names_another_algorithm_than_its_key_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let others = [
        "ES384", "ES512", "ES256K", "es256", "Es256", "ES256 ", " ES256", "ES256\0", "RS256", "PS256",
        "EdDSA", "Ed25519", "HS256", "dir", "ECDH-ES",
    ];
    door.refuses_headers("alg", others.map(Value::from)).await;
}

/// T012, T013: a key of RSA is good for its one algorithm, also for those that it could sign by.
#[both]
async fn a_key_of_rsa_verifies_one_algorithm_alone(options: Options) {
    let stack = options.set("AUTH_SIGNING_ALG", "RS256").start().await;
    let door = Door::of(&stack).await;
    assert_eq!(door.forge.key.alg(), "RS256");
    door.refuses_headers(
        "alg",
        ["RS384", "RS512", "PS256", "ES256", "HS256", "rs256", "RS256 "].map(Value::from),
    )
    .await;

    let by = |alg: &str, sign: fn(&Key, &[u8]) -> Vec<u8>| {
        let header = door.forge.header().with("alg", json!(alg));
        let token = Token::new(header.into(), door.forge.claims().into());
        let signature = sign(&door.forge.key, token.message().as_bytes());
        token.signed_with(signature)
    };
    door.refuses("really PS256", by("PS256", Key::sign_ps256)).await;
    door.refuses("really RS384", by("RS384", Key::sign_rs384)).await;
    door.refuses("PS256 that says RS256", by("RS256", Key::sign_ps256)).await;
    door.refuses("RS384 that says RS256", by("RS256", Key::sign_rs384)).await;
    door.believes("really RS256", by("RS256", Key::sign)).await;
}

/// T016
#[both]
async fn a_secret_that_everyone_knows_signs_nothing(stack: TestStack) {
    const COMMON: [&str; 24] = [
        "",
        " ",
        "secret",
        "Secret",
        "password",
        "passw0rd",
        "123456",
        "changeme",
        "admin",
        "root",
        "test",
        "token",
        "key",
        "jwt",
        "jwt_secret",
        "jwt-secret",
        "your-256-bit-secret",
        "your_jwt_secret",
        "secretkey",
        "secret123",
        "jipbap",
        "supersecret",
        "null",
        "undefined",
    ];
    let door = Door::of(&stack).await;
    for secret in COMMON {
        for name in [door.forge.key.kid(), "default"] {
            let forge = door.forge.with_key(Key::hmac(Hmac::Hs256, secret).named(name));
            door.refuses(format!("HS256 with {secret:?}"), forge.token()).await;
        }
    }
    for signature in [encoded([]), encoded([0]), encoded([0; 64]), "null".to_owned(), "undefined".to_owned()]
    {
        let token = Token { signature: signature.clone(), ..door.forge.token() };
        door.refuses(format!("the signature {signature:?}"), token).await;
    }
}
