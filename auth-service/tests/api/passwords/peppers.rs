//! Versions of the pepper: added everywhere first, then used, and never missed by who hashed with an older one.

use common::secrets::{Secret, write_secret};
use testkit::{TestStack, both, two_copies};

use super::assert_keeps_out;
use crate::database::Database;

fn add_pepper(stack: &TestStack) {
    let path = stack.secrets_dir().join("auth").join("pepper.2");
    write_secret(&path, &Secret::random().expose_text()).expect("the secret cannot be written");
}

async fn versions(stack: &TestStack) -> Vec<String> {
    let stored = Database::of(stack).texts("SELECT secret AS value FROM credentials ORDER BY id").await;
    stored.iter().map(|stored| stored.split('$').next().unwrap().to_owned()).collect()
}

#[both]
async fn a_pepper_that_is_only_a_file_is_not_used_yet(stack: TestStack) {
    add_pepper(&stack);
    let session = stack.logged_in().await;
    stack.logged_in_again(&session.person()).await;
    assert_eq!(versions(&stack).await, ["b1.1"]);
}

/// A password is stored with the newest pepper at its next login, by whichever copy; others take its version over when
/// they meet it.
#[two_copies]
async fn the_newest_pepper_is_used_from_the_next_login_on(mut stack: TestStack) {
    let (early, late) = (stack.logged_in().await, stack.logged_in().await);
    add_pepper(&stack);
    assert_eq!(stack.as_operator(async |auth| auth.use_newest_pepper().await.unwrap()).await, 2);
    // This one has read its secrets since, the other has not.
    stack.stop_auth(0);
    stack.start_auth_again(0).await;

    stack.auth(0).logged_in_again(&early.person()).await;
    assert_eq!(versions(&stack).await, ["b1.2", "b1.1"]);
    stack.auth(1).logged_in_again(&early.person()).await;
    stack.auth(1).logged_in_again(&late.person()).await;
    assert_eq!(versions(&stack).await, ["b1.2", "b1.2"]);
    for session in [&early, &late] {
        assert_keeps_out(&stack, &session.person(), "wrong password").await;
    }
}

/// A password that only another copy can check is not wrong.
#[both]
async fn a_pepper_that_is_not_here_is_our_trouble(stack: TestStack) {
    let session = stack.logged_in().await;
    let database = Database::of(&stack);
    let value = database.bytes(&Secret::random().check_value("pepper"));
    database
        .change(format!("INSERT INTO secret_checks (name, version, value) VALUES ('pepper', 2, {value})"))
        .await;
    database.change("UPDATE credentials SET secret = replace(secret, 'b1.1', 'b1.2')").await;
    stack.login(session.person().credentials()).await.assert_problem(503, "keys_unavailable");
}
