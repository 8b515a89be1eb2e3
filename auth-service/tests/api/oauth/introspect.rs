use std::time::Duration;

use serde_json::json;
use testkit::{TestStack, both, everywhere};

use super::refresh::session_of;
use super::{Service, assert_refused, posted};
use crate::answers::{claims, members};

/// T215: who is no client learns nothing, of whatever token.
#[both]
async fn only_clients_may_ask(stack: TestStack) {
    let service = Service::new(&stack).await;
    let token = service.token(&stack).await;
    let form = [("token", token.as_str())];
    assert_refused(&posted(&stack, "/oauth2/introspect", &form).send().await, "invalid_client");
    let by_token = posted(&stack, "/oauth2/introspect", &form).bearer(&token).send().await;
    assert_refused(&by_token, "invalid_client");
    assert_refused(&service.post(&stack, "/oauth2/introspect", &[]).await, "invalid_request");
    let twice = [("token", "a"), ("token", "b")];
    assert_refused(&service.post(&stack, "/oauth2/introspect", &twice).await, "invalid_request");
}

#[everywhere]
async fn a_client_learns_what_its_own_token_says(stack: TestStack) {
    let service = Service::new(&stack).await;
    let token = service.token(&stack).await;
    let answer = service.introspect(stack.auth(stack.copies() - 1), &token).await;
    let said = claims(&token);
    let expected = ["active", "aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub", "token_type"];
    assert_eq!(members(&answer), expected);
    assert_eq!((&answer["active"], &answer["token_type"]), (&json!(true), &json!("Bearer")));
    for name in ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"] {
        assert_eq!(answer[name], said[name], "{name}");
    }
}

/// T215
#[both]
async fn of_others_tokens_a_client_learns_nothing(stack: TestStack) {
    let (service, other) = (Service::new(&stack).await, Service::new(&stack).await);
    let (people, theirs) = (stack.logged_in().await, session_of(&stack, &other).await);
    let token = other.token(&stack).await;
    let others = [&token, &people.access_token, &people.refresh_token, &theirs.refresh_token];
    for token in others {
        assert_eq!(service.introspect(&stack, token).await, json!({ "active": false }));
    }
    let resource = Service::with_scopes(&stack, "tokens:introspect").await;
    for token in others {
        assert_eq!(resource.introspect(&stack, token).await["active"], true, "{token}");
    }
    let person = resource.introspect(&stack, &people.access_token).await;
    assert_eq!((&person["sub"], &person["sid"]), (&json!(people.user_id), &json!(people.session_id)));
    let refresh = resource.introspect(&stack, &people.refresh_token).await;
    assert_eq!(members(&refresh), ["active", "client_id", "exp", "iss", "scope", "sub"]);
}

/// T215: unknown, forged, expired, revoked, spent: all the same.
#[both]
async fn a_token_that_does_not_count_is_inactive_and_nothing_else(stack: TestStack) {
    let service = Service::with_scopes(&stack, "tokens:introspect").await;
    let inactive = json!({ "active": false });
    let forge = stack.forge().await;
    let unknown = forge.with_claims(forge.service_claims()).to_string();
    for token in ["x", "a.b.c", "jrt1_", &unknown] {
        assert_eq!(service.introspect(&stack, token).await, inactive, "{token}");
    }
    let (spent, ended) = (stack.logged_in().await, stack.logged_in().await);
    stack.refresh(&spent.refresh_token).await.assert_status(200);
    stack.logout(&ended).await.assert_status(204);
    for token in [&spent.refresh_token, &ended.refresh_token, &ended.access_token] {
        assert_eq!(service.introspect(&stack, token).await, inactive);
    }
    let (token, session) = (service.token(&stack).await, stack.logged_in().await);
    stack.clock.advance(Duration::from_secs(15 * 60 + 1)).await;
    assert_eq!(service.introspect(&stack, &token).await, inactive);
    stack.clock.advance(Duration::from_secs(31 * 24 * 3600)).await;
    assert_eq!(service.introspect(&stack, &session.refresh_token).await, inactive);
}
