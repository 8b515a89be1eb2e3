use testkit::journal::Watch;
use testkit::{TestStack, both, everywhere};

use super::{Service, assert_refused, posted};
use crate::answers::assert_revoked;
use crate::database::Database;

#[everywhere]
async fn a_new_secret_ends_the_old_one_and_its_tokens(stack: TestStack) {
    let (old, other) = (Service::new(&stack).await, Service::new(&stack).await);
    let (token, others) = (old.token(&stack).await, other.token(&stack).await);
    let id = old.id;
    let renewed = stack.as_operator(async |auth| auth.renew_client_secret(id).await).await;
    let new = Service { id, secret: renewed.unwrap().expose().to_owned() };
    assert_refused(&old.token_answer(&stack, &[]).await, "invalid_client");
    assert_revoked(&stack, &token).await;
    let token = new.token(&stack).await;
    stack.list_recipes(&token, "").await.assert_status(200);
    stack.list_recipes(&others, "").await.assert_status(200);
}

#[everywhere]
async fn a_disabled_client_gets_nothing_and_its_tokens_end(stack: TestStack) {
    let service = Service::new(&stack).await;
    let (id, token) = (service.id, service.token(&stack).await);
    for _ in 0..2 {
        stack.as_operator(async |auth| auth.disable_client(id).await).await.unwrap();
    }
    assert_refused(&service.token_answer(&stack, &[]).await, "invalid_client");
    assert_refused(&service.revoke(&stack, &token).await, "invalid_client");
    assert_revoked(&stack, &token).await;
    assert!(stack.as_operator(async |auth| auth.renew_client_secret(id).await).await.is_err());
    let said = "SELECT count(*) AS value FROM revocations WHERE kind = 'subject'";
    assert_eq!(Database::of(&stack).number(said).await, 1);
}

/// T235: nor is one in the log, nor a token that a service gets, shows or asks about.
#[both]
async fn what_a_service_shows_is_not_in_the_log(stack: TestStack) {
    let service = Service::with_scopes(&stack, "tokens:introspect recipes:read").await;
    let (token, session) = (service.token(&stack).await, stack.logged_in().await);
    let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    // The head is that of every token of this stack, of those too that are yet to be issued.
    let head = token.split_inclusive('.').next().unwrap().to_owned();
    let shown = [
        head,
        service.secret.clone(),
        service.basic(),
        signature(&token),
        signature(&session.access_token),
        session.refresh_token.clone(),
    ];
    let watches = shown.map(Watch::for_text);

    let (id, secret) = (service.id.to_string(), service.secret.as_str());
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", secret)];
    posted(&stack, "/oauth2/token", &form).send().await.assert_status(200);
    service.token(&stack).await;
    stack.list_recipes(&token, "").await.assert_status(200);
    for token in [&token, &session.access_token, &session.refresh_token] {
        assert_eq!(service.introspect(&stack, token).await["active"], true);
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        assert_refused(&service.post(&stack, "/oauth2/token", &form).await, "invalid_grant");
        service.revoke(&stack, token).await.assert_status(200);
        assert_eq!(service.introspect(&stack, token).await["active"], false);
    }

    for watch in watches {
        assert_eq!(watch.lines(), Vec::<String>::new());
    }
}

#[both]
async fn a_secret_is_not_in_the_database(stack: TestStack) {
    let service = Service::new(&stack).await;
    service.token(&stack).await;
    let database = Database::of(&stack);
    assert!(
        database.holds(service.id.as_uuid().as_bytes()).await
            || database.holds(service.id.to_string().as_bytes()).await
    );
    assert!(!database.holds(service.secret.as_bytes()).await);
    assert!(!database.holds(&service.secret.as_bytes()["jcs1_".len()..]).await);
}
