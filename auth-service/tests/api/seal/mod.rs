//! Sealed access tokens: who reads them, who believes them, and what is refused.

mod hostile;
mod joserfc;
mod keys;

use common::secrets::{Secret, SecretFolder, write_secret};
use serde_json::{Value, json};
use testkit::forge::decoded;
use testkit::stack::Options;
use testkit::{TestStack, both, everywhere};

use crate::answers::{access_token, assert_revoked};

fn on(options: Options) -> Options {
    options.set("AUTH_SEAL_TOKENS", "true").set("RECIPES_SEAL_TOKENS", "true")
}

/// The key that a stack seals with.
fn key(stack: &TestStack) -> Secret {
    folder(stack).read("seal.1").expect("no key")
}

fn folder(stack: &TestStack) -> SecretFolder {
    SecretFolder::open(&stack.secrets_dir().join("seal")).expect("no folder")
}

/// What the header of a sealed token says, which is all that can be read of it.
fn head(token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 5, "{token}");
    assert_eq!(parts[1], "", "{token}");
    serde_json::from_slice(&decoded(parts[0])).expect("not JSON")
}

#[everywhere]
async fn a_sealed_token_says_nothing_and_does_all_that_an_open_one_does(options: Options) {
    let stack = on(options).start().await;
    let session = stack.logged_in().await;
    let token = &session.access_token;
    let expected = json!({ "alg": "dir", "enc": "A256GCM", "typ": "at+jwt", "cty": "JWT", "kid": "seal.1" });
    assert_eq!(head(token), expected);
    let readable: Vec<u8> = token.split('.').flat_map(decoded).collect();
    assert!(!crate::database::contains(&readable, session.user_id.as_bytes()));
    assert!(token.len() < 1200, "{} bytes", token.len());
    for copy in 0..stack.copies() {
        stack.auth(copy).me(token).await.assert_status(200);
        stack.recipes(copy).list_recipes(token, "").await.assert_status(200);
    }
    let next = access_token(&stack.refresh(&session.refresh_token).await);
    assert_ne!(head(&next), Value::Null);
    assert_ne!(next.split('.').nth(2), token.split('.').nth(2), "a nonce was used twice");

    let (id, secret) = stack.client("tokens:introspect recipes:read", "auth recipes").await;
    let form = format!("client_id={id}&client_secret={secret}&grant_type=client_credentials&token={next}");
    let post = |path| stack.auth.post(path).body("application/x-www-form-urlencoded", form.clone());
    assert_eq!(post("/oauth2/introspect").send().await.assert_ok().json()["sub"], session.user_id);
    head(&access_token(&post("/oauth2/token").send().await));

    stack.logout(token).await.assert_status(204);
    assert_revoked(&stack, token).await;
    assert_revoked(&stack, &next).await;
}

/// T046: the one that is sealed well is refused where nobody said that it may be.
#[both]
async fn a_sealed_token_is_refused_where_they_are_not_asked_for(options: Options) {
    let stack = options.set("AUTH_SEAL_TOKENS", "true").start().await;
    let session = stack.logged_in().await;
    stack.me(&session).await.assert_status(200);
    stack.list_recipes(&session, "").await.assert_invalid_token();
}

#[both]
async fn tokens_from_before_go_on_and_so_do_those_of_other_copies(options: Options) {
    let stack = options.set("AUTH_SEAL_TOKENS", "open").set("RECIPES_SEAL_TOKENS", "true").start().await;
    let open = stack.logged_in().await;
    assert_eq!(open.access_token.split('.').count(), 3);
    let sealing =
        |settings: &mut auth_service::config::Settings| settings.sealing = auth_service::config::Sealing::On;
    let refreshing = open.refresh_token.clone();
    let refresh = async |auth: auth_service::service::Auth| {
        auth.refresh(&refreshing, Default::default(), Default::default(), Default::default())
            .await
            .map(|granted| granted.access_token)
    };
    let sealed = stack.as_operator_with(sealing, refresh).await.expect("not refreshed");
    head(&sealed);
    for token in [&open.access_token, &sealed] {
        stack.me(token).await.assert_status(200);
        stack.list_recipes(token, "").await.assert_status(200);
    }
}

/// Writes another version of the key into the folder.
fn add_key(stack: &TestStack, version: u8) -> Secret {
    let (secret, path) = (Secret::random(), stack.secrets_dir().join(format!("seal/seal.{version}")));
    write_secret(&path, &secret.expose_text()).expect("not written");
    secret
}
