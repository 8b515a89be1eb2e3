use serde_json::json;
use testkit::{TestStack, both, everywhere};

use super::refresh::session_of;
use super::{Service, assert_refused, posted};
use crate::answers::{assert_revoked, claims};
use crate::database::Database;

#[everywhere]
async fn a_revoked_token_of_a_service_is_refused_everywhere_and_its_others_live(stack: TestStack) {
    let service = Service::new(&stack).await;
    let (token, other) = (service.token(&stack).await, service.token(&stack).await);
    stack.list_recipes(&token, "").await.assert_status(200);
    for _ in 0..2 {
        service.revoke(stack.auth(stack.copies() - 1), &token).await.assert_status(200);
    }
    assert_revoked(&stack, &token).await;
    assert_eq!(service.introspect(&stack, &token).await, json!({ "active": false }));
    stack.list_recipes(&other, "").await.assert_status(200);

    let database = Database::of(&stack);
    let said = "SELECT target AS value FROM revocations WHERE kind = 'token'";
    assert_eq!(database.texts(said).await, [claims(&token)["jti"].as_str().unwrap()]);
}

#[both]
async fn a_revoked_refresh_token_ends_its_session(stack: TestStack) {
    let service = Service::new(&stack).await;
    let session = session_of(&stack, &service).await;
    for _ in 0..2 {
        service.revoke(&stack, &session.refresh_token).await.assert_status(200);
    }
    assert_revoked(&stack, &session.access_token).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", &session.refresh_token)];
    assert_refused(&service.post(&stack, "/oauth2/token", &form).await, "invalid_grant");
}

/// T216
#[both]
async fn what_is_unknown_is_over_already_and_a_hint_changes_nothing(stack: TestStack) {
    let service = Service::new(&stack).await;
    let session = session_of(&stack, &service).await;
    for token in ["x", "a.b.c", "jrt1_", &format!("{}x", session.refresh_token)] {
        service.revoke(&stack, token).await.assert_status(200);
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
    let token = service.token(&stack).await;
    for (token, hint) in [(&token, "refresh_token"), (&session.refresh_token, "access_token")] {
        let form = [("token", token.as_str()), ("token_type_hint", hint)];
        service.post(&stack, "/oauth2/revoke", &form).await.assert_status(200);
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 2);
    let other = service.token(&stack).await;
    let form = [("token", other.as_str()), ("token_type_hint", "id_token")];
    assert_refused(&service.post(&stack, "/oauth2/revoke", &form).await, "unsupported_token_type");
    stack.list_recipes(&other, "").await.assert_status(200);
}

#[both]
async fn nobody_ends_the_tokens_of_somebody_else(stack: TestStack) {
    let (service, other) = (Service::new(&stack).await, Service::new(&stack).await);
    let (people, token) = (stack.logged_in().await, other.token(&stack).await);
    for token in [&token, &people.access_token, &people.refresh_token] {
        assert_refused(&service.revoke(&stack, token).await, "invalid_grant");
        let form = [("token", token.as_str())];
        assert_refused(&posted(&stack, "/oauth2/revoke", &form).send().await, "invalid_client");
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
    let resource = Service::with_scopes(&stack, "tokens:introspect").await;
    resource.revoke(&stack, &people.access_token).await.assert_status(200);
    assert_revoked(&stack, &people.access_token).await;
    stack.refresh(&people.refresh_token).await.assert_status(200);
}
