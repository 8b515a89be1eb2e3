use testkit::{TestStack, both};
use uuid::Uuid;

use super::restored;
use crate::database::Database;

#[both]
async fn the_program_says_what_it_did(stack: TestStack) {
    stack.logged_in().await;
    let output = restored(&stack, &[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("2 keys were revoked and two made; 1 sessions ended; tokens of 1 people"),
        "{said}"
    );
    let epoch = stack.jwks().await.json()["epoch"].as_str().map(str::len);
    assert_eq!(epoch, Some(36));
}

/// A life that begins before the present one would count for nothing with those who follow.
#[both]
async fn a_clock_that_is_behind_begins_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let database = Database::of(&stack);
    let later = database.id(&Uuid::from_u128(Uuid::now_v7().as_u128() + (1 << 100)).to_string());
    database.change(format!("UPDATE installation SET epoch = {later}")).await;
    let counts = database.counts().await;

    let output = restored(&stack, &[]);

    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("clock"), "{output:?}");
    assert_eq!(database.counts().await, counts);
    assert_eq!(
        database.number("SELECT count(*) AS value FROM signing_keys WHERE state = 'revoked'").await,
        0
    );
    stack.me(&session).await.assert_status(200);
}

#[both]
async fn other_secrets_stop_it(stack: TestStack) {
    let other = tempfile::tempdir().unwrap();
    auth_service::service::secrets::create_all(other.path()).unwrap();
    let output = restored(&stack, &["--secrets-dir", &other.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(78), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("AUTH_SECRETS_DIR"), "{output:?}");
}
