//! POST /v1/password/forgot, /v1/password/reset.

mod asked;
mod links;

use testkit::client::Person;
use testkit::{Session, TestStack};

const NEW: &str = "kongnamul guk 71";

/// Somebody who forgot their password, and the token of the link that they were sent.
async fn forgetful(stack: &TestStack) -> (Session, String) {
    let session = stack.logged_in().await;
    let token = forgotten(stack, &session.email, 1).await;
    (session, token)
}

/// Asks for a link, the nth of this address, and waits for it.
async fn forgotten(stack: &TestStack, email: &str, nth: usize) -> String {
    stack.forgot_password(email).await.assert_status(202);
    stack.nth_token_to(email, "reset", nth).await
}

async fn assert_lets_in(stack: &TestStack, session: &Session, password: &str) {
    let person = Person { email: session.email.clone(), password: password.to_owned() };
    stack.login(person.credentials()).await.assert_status(200);
}

async fn assert_keeps_out(stack: &TestStack, session: &Session, password: &str) {
    let person = Person { email: session.email.clone(), password: password.to_owned() };
    stack.login(person.credentials()).await.assert_problem(401, "invalid_credentials");
}
