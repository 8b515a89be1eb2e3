use testkit::{Session, TestStack, both};

use super::{Service, assert_refused};
use crate::answers::{access_token, claims, members, refresh_token};
use crate::database::Database;

const GRANT: (&str, &str) = ("grant_type", "refresh_token");

/// A session that was opened through a client. No call opens one yet, so the database is told.
pub(super) async fn session_of(stack: &TestStack, service: &Service) -> Session {
    let session = stack.logged_in().await;
    let database = Database::of(stack);
    let (client, id) = (service.id, database.id(&session.session_id));
    database.change(format!("UPDATE sessions SET client_id = '{client}' WHERE id = {id}")).await;
    session
}

#[both]
async fn a_session_of_a_client_is_refreshed_by_it(stack: TestStack) {
    let service = Service::new(&stack).await;
    let session = session_of(&stack, &service).await;
    let form = [GRANT, ("refresh_token", &session.refresh_token)];
    let first = service.post(&stack, "/oauth2/token", &form).await;
    assert_eq!(
        members(&first.assert_ok().json()),
        ["access_token", "expires_in", "refresh_token", "scope", "token_type"]
    );
    assert_eq!(claims(&access_token(&first))["client_id"], service.id.to_string());
    let again = service.post(&stack, "/oauth2/token", &form).await;
    assert_eq!(refresh_token(&again), refresh_token(&first));

    let next = refresh_token(&first);
    let narrower = [GRANT, ("refresh_token", &next), ("scope", "recipes:read"), ("resource", "recipes")];
    let next = service.post(&stack, "/oauth2/token", &narrower).await;
    assert_eq!(claims(&access_token(&next))["scope"], "recipes:read");
    let next = refresh_token(&next);
    for (name, value, error) in [("scope", "admin", "invalid_scope"), ("resource", "x", "invalid_target")] {
        let more = [GRANT, ("refresh_token", &next), (name, value)];
        assert_refused(&service.post(&stack, "/oauth2/token", &more).await, error);
    }
    assert_refused(&service.post(&stack, "/oauth2/token", &form).await, "invalid_grant");
    let over = [GRANT, ("refresh_token", &next)];
    assert_refused(&service.post(&stack, "/oauth2/token", &over).await, "invalid_grant");
}

/// T213: what was issued to somebody else is refused, and stays as it is.
#[both]
async fn a_session_of_somebody_else_is_not_refreshed(stack: TestStack) {
    let (service, other) = (Service::new(&stack).await, Service::new(&stack).await);
    let (people, theirs) = (stack.logged_in().await, session_of(&stack, &other).await);
    for token in [&people.refresh_token, &theirs.refresh_token, &people.access_token, "jrt1_x", "x"] {
        let form = [GRANT, ("refresh_token", token)];
        assert_refused(&service.post(&stack, "/oauth2/token", &form).await, "invalid_grant");
    }
    assert_refused(&service.post(&stack, "/oauth2/token", &[GRANT]).await, "invalid_request");
    stack.refresh(&people.refresh_token).await.assert_status(200);
    let form = [GRANT, ("refresh_token", &theirs.refresh_token)];
    other.post(&stack, "/oauth2/token", &form).await.assert_status(200);
}

/// What is issued to a client is worth something to it alone: whoever stole it from there cannot use it here.
#[both]
async fn a_session_of_a_client_is_not_refreshed_at_the_door_of_people(stack: TestStack) {
    let service = Service::new(&stack).await;
    let session = session_of(&stack, &service).await;
    for _ in 0..2 {
        stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    }
    let form = [GRANT, ("refresh_token", &session.refresh_token)];
    let first = service.post(&stack, "/oauth2/token", &form).await;
    first.assert_status(200);
    // Nor repeated within the window, nor ended by that.
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    let next = refresh_token(&first);
    stack.refresh(&next).await.assert_problem(401, "refresh_token_invalid");
    let form = [GRANT, ("refresh_token", &next)];
    service.post(&stack, "/oauth2/token", &form).await.assert_status(200);
    // Not even a spent one ends anything, there.
    stack.clock.advance(std::time::Duration::from_secs(60)).await;
    stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
}
