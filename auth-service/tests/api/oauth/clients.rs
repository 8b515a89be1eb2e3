use testkit::{TestStack, both, everywhere};

use super::{Service, assert_refused};
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
