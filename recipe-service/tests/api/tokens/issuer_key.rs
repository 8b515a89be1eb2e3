//! Only the issuer's own keys count, whatever key a token brings along or points to.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::{Value, json};
use testkit::forge::{Hmac, Key};
use testkit::{TestStack, both};

use super::door::Door;

/// T017
#[both]
async fn an_attackers_key_is_refused_by_whatever_name_it_goes(stack: TestStack) {
    let door = Door::of(&stack).await;
    let kid = door.forge.key.kid();
    let same_name = door.forge.with_key(Key::es256().named(kid));
    door.refuses("the same kid", same_name.token()).await;
    let new_name = door.forge.with_key(Key::es256());
    door.refuses("a new kid", new_name.token()).await;
    let other_kind = door.forge.with_key(Key::ed_dsa().named(kid));
    door.refuses("the same kid, another algorithm", other_kind.token()).await;

    for forge in [same_name, new_name] {
        let header = forge.header().with("jwk", Value::Object(forge.key.jwk().0));
        door.refuses("its own jwk", forge.with_header(header)).await;
        let lie = Value::Object(door.forge.key.jwk().0);
        door.refuses("the real jwk", forge.with_header(forge.header().with("jwk", lie))).await;
    }
    let secret = door.forge.with_key(Key::hmac(Hmac::Hs256, "of the attacker").named(kid));
    let header = secret.header().with("jwk", Value::Object(secret.key.jwk().0));
    door.refuses("a jwk of type oct", secret.with_header(header)).await;
}

/// T018, T019: nobody is asked for a key because a token says so, and what it says makes it no good.
#[both]
async fn a_token_that_points_to_a_key_is_refused_and_nobody_is_asked(stack: TestStack) {
    let door = Door::of(&stack).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let attacker = door.forge.with_key(Key::es256().named(door.forge.key.kid()));
    let places = [
        format!("http://{addr}/jwks.json"),
        format!("https://{addr}/jwks.json"),
        format!("http://auth.test@{addr}/.well-known/jwks.json"),
        format!("{}/redirect?to=http://{addr}/", stack.auth.url("")),
        stack.auth.url("/.well-known/jwks.json"),
        "file:///etc/passwd".to_owned(),
    ];
    for place in places {
        for member in ["jku", "x5u"] {
            let pointing = |forge: &testkit::Forge| forge.header().with(member, json!(place));
            door.refuses(format!("{member} {place}"), attacker.with_header(pointing(&attacker))).await;
            for _ in 0..2 {
                let token = door.forge.with_header(pointing(&door.forge));
                door.refuses(format!("{member} {place}, by the real key"), token).await;
            }
        }
    }
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody was asked for a key");
}

/// T060
#[both]
async fn a_token_of_another_deployment_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let other = TestStack::on(stack.backend()).start().await;
    let theirs = other.forge().await;
    assert_eq!(theirs.issuer, door.forge.issuer, "only the keys are to differ");

    let session = other.logged_in().await;
    other.list_recipes(&session, "").await.assert_status(200);
    door.refuses("a real one", &session.access_token).await;
    door.refuses("their kid", theirs.token()).await;
    let header = theirs.header().with("kid", json!(door.forge.key.kid()));
    door.refuses("our kid", theirs.with_header(header)).await;
}
