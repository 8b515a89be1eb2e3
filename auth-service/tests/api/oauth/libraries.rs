//! The same through the libraries that others use: Authlib as the client, PyJWT as the service that is called.

use serde_json::Value;
use testkit::stack::Options;
use testkit::{TestStack, both, eventually, python};

use super::Service;
use super::refresh::session_of;
use crate::answers::{claims, text};

/// T213, T214, T215, T216
#[both]
async fn authlib_gets_asks_about_and_ends_tokens(stack: TestStack) {
    let service = Service::new(&stack).await;
    let session = session_of(&stack, &service).await;
    let (address, id) = (stack.auth.url(""), service.id.to_string());
    let arguments = [&address, &stack.auth.public_url, &id, &service.secret, &session.refresh_token];
    let given = python("oauth_client.py", &arguments.map(String::as_str)).await;
    let given: Value = serde_json::from_str(&given).unwrap();
    for name in ["client_secret_basic", "client_secret_post", "person"] {
        let token = given[name].as_str().unwrap();
        stack.list_recipes(token, "").await.assert_status(200);
        assert_eq!(claims(token)["client_id"], id);
    }
    let next = [("grant_type", "refresh_token"), ("refresh_token", given["refresh_token"].as_str().unwrap())];
    service.post(&stack, "/oauth2/token", &next).await.assert_status(200);
}

async fn pyjwt_believes(options: Options, alg: &str) {
    let stack = options.set("AUTH_SIGNING_ALG", alg).start().await;
    let (service, person) = (Service::new(&stack).await, stack.logged_in().await);
    for token in [&service.token(&stack).await, &person.access_token] {
        assert_eq!(crate::answers::header(token)["alg"], alg);
        let jwks = stack.auth.url("/.well-known/jwks.json");
        let arguments = [jwks.as_str(), &stack.auth.public_url, "recipes", token];
        let said: Value = serde_json::from_str(&python("resource_server.py", &arguments).await).unwrap();
        assert_eq!(said, claims(token));
    }
}

#[both]
async fn pyjwt_believes_our_tokens_by_our_published_keys(options: Options) {
    for alg in ["ES256", "EdDSA", "RS256"] {
        pyjwt_believes(options.clone(), alg).await;
    }
}

/// RFC 7009 §2.2: what a client guesses of a token changes nothing.
#[both]
async fn a_hint_that_nobody_knows_is_ignored(stack: TestStack) {
    let service = Service::new(&stack).await;
    for hint in ["token", "ACCESS_TOKEN", "access token"] {
        let token = service.token(&stack).await;
        let form = [("token", token.as_str()), ("token_type_hint", hint)];
        let said = service.post(&stack, "/oauth2/introspect", &form).await;
        assert_eq!(said.assert_ok().json()["active"], true, "{hint}");
        service.post(&stack, "/oauth2/revoke", &form).await.assert_status(200);
        eventually("recipe-service has heard of it", async || {
            (stack.list_recipes(&token, "").await.status == 401).then_some(())
        })
        .await;
    }
    let renewed = service.token_answer(&stack, &[]).await;
    assert!(!text(&renewed, "access_token").is_empty());
}
