//! The Python of the README, run as it stands there but for its addresses.

use serde_json::{Value, json};
use testkit::stack::Options;
use testkit::{TestStack, both, eventually, python, two_copies};

const AUDIENCES: (&str, &str) = ("AUTH_AUDIENCES", "auth,recipes,greeter");

/// What each call of a function of the README returns or raises.
async fn called(stack: &TestStack, replace: Value, calls: Value) -> Vec<Value> {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let mut replaced = json!({
        "http://localhost:8081/.well-known/jwks.json": stack.auth.url("/.well-known/jwks.json"),
        "issuer=\"http://localhost:8081\"": format!("issuer={:?}", stack.auth.public_url),
    });
    replaced.as_object_mut().unwrap().extend(replace.as_object().unwrap().clone());
    let arguments = json!({ "replace": replaced, "calls": calls }).to_string();
    let printed = python("guide.py", &[guide, &arguments]).await;
    serde_json::from_str(&printed).expect("no JSON")
}

#[both]
async fn python_believes_what_is_for_it_and_nothing_else(options: Options) {
    let stack = options.set(AUDIENCES.0, AUDIENCES.1).start().await;
    let (session, forge) = (stack.logged_in().await, stack.forge().await);
    let forged = |name: &str, value: Value| forge.with_claims(forge.claims().with(name, value)).to_string();
    let other_typ = forge.with_header(forge.header().with("typ", json!("JWT")));
    let calls = json!([
        ["claims", session.access_token],
        ["claims", forged("aud", json!(["recipes"]))],
        ["claims", forged("iss", json!("http://elsewhere.test"))],
        ["claims", forged("exp", json!(forge.now() - 60))],
        ["claims", other_typ.to_string()],
        ["claims", forge.token().signed_with([0; 64]).to_string()],
        ["claims", "nonsense"],
    ]);
    let answers = called(&stack, json!({}), calls).await;
    assert_eq!(answers[0]["returned"]["sub"], session.user_id);
    let raised: Vec<_> =
        answers[1..].iter().map(|answer| answer["raised"].as_str().unwrap_or("no")).collect();
    let expected = [
        "InvalidAudienceError",
        "InvalidIssuerError",
        "ExpiredSignatureError",
        "InvalidTokenError",
        "InvalidSignatureError",
        "DecodeError",
    ];
    assert_eq!(raised, expected);
}

#[both]
async fn python_opens_a_sealed_token(options: Options) {
    let stack = options.set(AUDIENCES.0, AUDIENCES.1).set("AUTH_SEAL_TOKENS", "true").start().await;
    let (session, key) = (stack.logged_in().await, stack.secrets_dir().join("seal/seal.1"));
    let calls = json!([["opened", session.access_token, key.to_str().unwrap()]]);
    let answers = called(&stack, json!({}), calls).await;
    let opened = answers[0]["returned"].as_str().unwrap_or_else(|| panic!("{answers:?}")).to_owned();
    let answers = called(&stack, json!({}), json!([["claims", opened]])).await;
    assert_eq!(answers[0]["returned"]["sub"], session.user_id);
}

#[two_copies]
async fn python_learns_from_redis_what_was_ended(options: Options) {
    let stack = options.set(AUDIENCES.0, AUDIENCES.1).start().await;
    let (ended, other) = (stack.logged_in().await, stack.logged_in().await);
    let redis = stack.auth_settings().redis_url.clone().expect("no Redis");
    let replace = json!({
        "redis://localhost:6379/": redis,
        "jipbap:": format!("{}:", stack.redis_prefix()),
    });
    let said = |answer: &Value| answer["returned"].clone();
    let read = called(
        &stack,
        replace.clone(),
        json!([["claims", ended.access_token], ["claims", other.access_token]]),
    )
    .await;
    let calls = json!([
        ["is_ended", ended.access_token, said(&read[0])],
        ["is_ended", other.access_token, said(&read[1])],
    ]);
    assert_eq!(
        called(&stack, replace.clone(), calls.clone()).await,
        [json!({ "returned": false }), json!({ "returned": false })]
    );
    stack.logout(&ended).await.assert_status(204);
    eventually("Redis has heard of it", async || {
        let answers = called(&stack, replace.clone(), calls.clone()).await;
        (answers[0]["returned"] == true).then_some(answers)
    })
    .await;
    stack.disable(&other.user_id).await;
    eventually("Redis has heard of it", async || {
        let answers = called(&stack, replace.clone(), calls.clone()).await;
        (answers[1]["returned"] == true).then_some(())
    })
    .await;
    let empty = json!({ "redis://localhost:6379/": redis, "jipbap:": "nothing-here:" });
    assert_eq!(called(&stack, empty, calls).await[0], json!({ "raised": "CannotTell" }));
}
