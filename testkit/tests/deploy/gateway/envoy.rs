//! What Envoy checks at the door, and what is left to the service behind it.

use std::net::TcpListener;

use serde_json::json;
use testkit::client::Anonymous;
use testkit::forge::Key;
use testkit::stack::Options;
use testkit::{Gateway, both};

use super::behind::assert_refused;
use super::behind_a_proxy;

#[both]
async fn a_token_that_is_no_good_ends_at_the_door(options: Options) {
    let stack = behind_a_proxy(options).await;
    let gateway = Gateway::envoy(&stack);
    let (client, forge) = (gateway.client(), stack.forge().await);
    client.list_recipes(Anonymous, "").await.assert_ok();
    client.list_recipes(&forge.token().to_string(), "").await.assert_ok();

    let expired = forge.claims().with("exp", json!(forge.now() - 60)).with("iat", json!(forge.now() - 120));
    let elsewhere = forge.claims().with("aud", json!(["auth"]));
    let not_ours = forge.claims().with("iss", json!("http://elsewhere.test"));
    let tokens = [
        forge.with_claims(expired).to_string(),
        forge.with_claims(elsewhere).to_string(),
        forge.with_claims(not_ours).to_string(),
        forge.with_key(Key::es256()).token().to_string(),
        "no.token.really".to_owned(),
    ];
    for token in tokens {
        let answer = client.list_recipes(&token, "").await;
        assert_refused(&answer, 401, "invalid_token");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"jipbap\", error=\"invalid_token\"");
    }
}

/// Envoy knows no `crit` and no `typ`; whoever stands behind it must.
#[both]
async fn what_the_door_does_not_know_is_refused_behind_it(options: Options) {
    let stack = behind_a_proxy(options).await;
    let gateway = Gateway::envoy(&stack);
    let (client, forge) = (gateway.client(), stack.forge().await);
    let critical = forge.with_header(forge.header().with("crit", json!(["exp"])));
    let other_kind = forge.with_header(forge.header().with("typ", json!("JWT")));
    for token in [critical, other_kind] {
        client.list_recipes(&token.to_string(), "").await.assert_invalid_token();
    }
}

/// A target that services could read in two ways goes to none.
#[both]
async fn an_escaped_slash_is_refused(options: Options) {
    let stack = behind_a_proxy(options).await;
    let answer = Gateway::envoy(&stack).client().recipes.get("/v1/recipes/..%2f..%2fauth").send().await;
    // It never became a request, so it has no id.
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed_request")), "{answer}");
}

/// I7: no valid token is answered 401 because a dependency failed.
#[both]
async fn keys_that_cannot_be_fetched_are_a_503(options: Options) {
    let stack = behind_a_proxy(options).await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let session = stack.logged_in().await;
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let gateway = Gateway::envoy_with(&stack, address);

    let answer = gateway.client().list_recipes(&session, "").await;

    assert_refused(&answer, 503, "keys_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
}
