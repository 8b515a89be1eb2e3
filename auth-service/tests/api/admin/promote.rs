//! `auth-service users promote`: the first administrator.

use std::process::{Command, Output};

use auth_service::error::Error;
use auth_service::service::admin::Promoted;
use serde_json::json;
use testkit::{TestStack, both, everywhere};

use super::get;
use crate::answers::{access_token, assert_revoked, claims};
use crate::database::Database;

async fn promote(stack: &TestStack, who: &str, even_unverified: bool) -> Result<Promoted, Error> {
    stack.as_operator(async |auth| auth.promote(who, even_unverified).await).await
}

#[everywhere]
async fn who_is_promoted_is_an_administrator_from_the_next_token_on(stack: TestStack) {
    let person = stack.logged_in().await;
    get(&stack, &person, "users").await.assert_problem(403, "insufficient_scope");
    assert_eq!(promote(&stack, &person.email.to_uppercase(), true).await.unwrap(), Promoted::Done);
    assert_revoked(&stack, &person.access_token).await;
    let token = access_token(&stack.refresh(&person.refresh_token).await);
    assert_eq!(claims(&token)["roles"], json!(["admin"]));
    stack.auth.get("/v1/admin/users").bearer(&token).send().await.assert_status(200);
    assert_eq!(promote(&stack, &person.user_id, false).await.unwrap(), Promoted::Before);
    stack.me(&token).await.assert_status(200);
}

#[both]
async fn who_has_not_verified_their_address_is_promoted_only_where_that_is_said(stack: TestStack) {
    let person = stack.logged_in().await;
    assert_eq!(promote(&stack, &person.email, false).await.unwrap(), Promoted::Unverified);
    stack.me(&person).await.assert_status(200);
    Database::of(&stack).change("UPDATE users SET email_verified = TRUE").await;
    assert_eq!(promote(&stack, &person.email, false).await.unwrap(), Promoted::Done);
    assert!(matches!(promote(&stack, "nobody@example.com", true).await, Err(Error::NotFound)));
    assert!(matches!(promote(&stack, "", true).await, Err(Error::NotFound)));
}

/// Runs the program beside the servers of a stack.
fn program(stack: &TestStack, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command.env_clear().env("AUTH_DATABASE_URL", stack.auth_database_url());
    command.env("AUTH_SECRETS_DIR", stack.secrets_dir()).env("AUTH_ISSUER", &stack.auth.public_url);
    command.args(["users", "promote"]).args(arguments).output().expect("the program cannot be started")
}

#[both]
async fn the_program_promotes_and_says_what_is_in_the_way(stack: TestStack) {
    let person = stack.logged_in().await;
    let refused = program(&stack, &[&person.email]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--unverified"), "{refused:?}");
    assert_eq!(program(&stack, &["nobody@example.com", "--unverified"]).status.code(), Some(1));
    stack.me(&person).await.assert_status(200);

    let done = program(&stack, &[&person.email, "--unverified"]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let token = access_token(&stack.refresh(&person.refresh_token).await);
    stack.auth.get("/v1/admin/users").bearer(&token).send().await.assert_status(200);
    assert_eq!(program(&stack, &[&person.email]).status.code(), Some(0));
}
