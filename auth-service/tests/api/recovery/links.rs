//! The link itself: for whom, how often, and until when.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{Session, TestStack, both, everywhere};

use super::{NEW, assert_keeps_out, assert_lets_in, forgetful, forgotten};
use crate::answers::{assert_invalid, assert_revoked};
use crate::database::Database;

const SPENT: (u16, &str) = (410, "token_spent");

/// T178: whoever knew the old password is out, everywhere; who chose the new one logs in with it.
#[everywhere]
async fn a_reset_password_ends_every_session(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    let other = stack.logged_in_again(&session.person()).await;
    let stranger = stack.logged_in().await;

    let answer = stack.reset_password(&token, NEW).await;
    answer.assert_status(204);
    assert!(answer.body.is_empty(), "{answer}");
    assert!(answer.header("x-device-token").starts_with("jdt1_"), "{answer}");
    for ended in [&session, &other] {
        assert_revoked(&stack, &ended.access_token).await;
        for copy in 0..stack.copies() {
            stack.auth(copy).refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
        }
    }
    stack.me(&stranger).await.assert_status(200);
    let over = "SELECT count(*) AS value FROM sessions WHERE end_reason = 'password_changed'";
    assert_eq!(Database::of(&stack).number(over).await, 2);
    assert_keeps_out(&stack, &session, &session.password).await;
    assert_lets_in(&stack, &session, NEW).await;
    let audit = "SELECT CAST(detail AS TEXT) AS value FROM audit WHERE event = 'password_changed'";
    let written: Value = serde_json::from_str(&Database::of(&stack).texts(audit).await[0]).unwrap();
    assert_eq!(written, json!({ "by": "link" }));
}

/// Whoever got the mail has the address.
#[both]
async fn a_reset_password_verifies_the_address(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    assert_eq!(stack.me(&session).await.json()["email_verified"], false);
    stack.reset_password(&token, NEW).await.assert_status(204);
    let again = stack.login(json!({ "email": session.email, "password": NEW })).await;
    assert_eq!(again.json()["user"]["email_verified"], true);
}

/// T176: once, and not twice, by whatever password.
#[both]
async fn a_link_works_once(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    stack.reset_password(&token, NEW).await.assert_status(204);
    for password in ["another soup 88", NEW] {
        stack.reset_password(&token, password).await.assert_problem(SPENT.0, SPENT.1);
    }
    assert_lets_in(&stack, &session, NEW).await;
}

/// T177: of those who use it at once, one chooses the password.
#[everywhere]
async fn of_many_who_use_a_link_at_once_one_succeeds(stack: TestStack) {
    for _ in 0..5 {
        let (session, token) = forgetful(&stack).await;
        let password = |n: usize| format!("kongnamul guk {n}");
        let answers = join_all((0..10).map(|n| {
            let (client, token) = (stack.auth(n % stack.copies()), &token);
            async move { client.reset_password(token, &password(n)).await }
        }))
        .await;
        let winners: Vec<usize> = (0..10).filter(|n| answers[*n].status == 204).collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        for answer in answers.iter().filter(|answer| answer.status != 204) {
            answer.assert_problem(SPENT.0, SPENT.1);
        }
        assert_lets_in(&stack, &session, &password(winners[0])).await;
    }
}

/// T176: thirty minutes.
#[both]
async fn a_link_is_good_for_half_an_hour(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    stack.clock.advance(Duration::from_secs(30 * 60 - 30)).await;
    stack.reset_password(&token, "password").await.assert_problem(422, "validation_failed");
    stack.clock.advance(Duration::from_secs(40)).await;
    stack.reset_password(&token, NEW).await.assert_problem(SPENT.0, SPENT.1);
    assert_lets_in(&stack, &session, &session.password).await;
}

/// T176
#[both]
async fn a_newer_link_takes_the_place_of_an_older_one(stack: TestStack) {
    let (session, older) = forgetful(&stack).await;
    let newer = forgotten(&stack, &session.email, 2).await;
    assert_ne!(older, newer);
    stack.reset_password(&older, NEW).await.assert_problem(SPENT.0, SPENT.1);
    stack.reset_password(&newer, NEW).await.assert_status(204);
}

/// T176: a link that was sent before the password was another is dead, whoever changed it.
#[both]
async fn a_link_is_dead_once_the_password_is_another(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    stack.change_password(&session, &session.password, NEW).await.assert_status(200);
    stack.reset_password(&token, "another soup 88").await.assert_problem(SPENT.0, SPENT.1);
    assert_lets_in(&stack, &session, NEW).await;
}

/// Nor does one help whose account was closed, or is gone.
#[both]
async fn a_link_to_a_closed_account_is_dead(stack: TestStack) {
    let (disabled, token) = forgetful(&stack).await;
    stack.disable(&disabled.email).await;
    stack.reset_password(&token, NEW).await.assert_problem(SPENT.0, SPENT.1);

    let (gone, token) = forgetful(&stack).await;
    stack.delete_me(&gone, "").await.assert_status(204);
    stack.reset_password(&token, NEW).await.assert_problem(SPENT.0, SPENT.1);
    assert_eq!(Database::of(&stack).count("mails").await, 0);
}

/// T176: 128 bits, of which the database has nothing that one could follow: not in the link's row, not in the queue.
#[both]
async fn no_link_can_be_read_in_the_database(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix("jlt1_").expect("another prefix")).unwrap();
    assert_eq!(bytes.len(), 32);
    let database = Database::of(&stack);
    let (id, secret) = bytes.split_at(16);
    assert!(database.holds(id).await || database.holds(as_text(id).as_bytes()).await, "it has no such link");
    assert!(!database.holds(secret).await);
    assert!(!database.holds(&token.as_bytes()[5..]).await);
    assert!(!database.holds(b"#token=").await);
    stack.reset_password(&token, NEW).await.assert_status(204);
    assert_lets_in(&stack, &session, NEW).await;
}

fn as_text(id: &[u8]) -> String {
    uuid::Uuid::from_slice(id).unwrap().to_string()
}

/// T176: guesses, and what is next to a token, are all the same nothing.
#[both]
async fn what_was_never_sent_is_no_link(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    let (other, _) = forgetful(&stack).await;
    let verification = stack.token_to(&session.email, "verify").await;
    let middle = token.len() - 10;
    let changed: String = token
        .char_indices()
        .map(|(at, c)| if at == middle { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    let longer = format!("{token}A");
    let padded = format!(" {token}");
    for text in ["", "jlt1_", &changed, &longer, &padded, &token[5..], &verification, &session.refresh_token]
    {
        stack.reset_password(text, NEW).await.assert_problem(SPENT.0, SPENT.1);
    }
    for body in [json!({ "token": [token], "new_password": NEW }), json!({ "new_password": NEW })] {
        let answer = stack.auth.post("/v1/password/reset").json(&body).send().await;
        answer.assert_problem(422, "validation_failed");
    }
    for session in [&session, &other] {
        assert_lets_in(&stack, session, &session.password).await;
    }
    stack.reset_password(&token, NEW).await.assert_status(204);
}

/// A password is to be as good as at any time; one that is refused leaves the link good.
#[both]
async fn a_weak_password_leaves_the_link_good(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    let answer = stack.reset_password(&token, "password1234567").await;
    assert_invalid(&answer, &[("/new_password", "weak_password")]);
    assert!(answer.json()["errors"][0]["suggestions"].is_array(), "{answer}");
    let own = stack.reset_password(&token, &session.email).await;
    assert_invalid(&own, &[("/new_password", "weak_password")]);
    assert_invalid(&stack.reset_password(&token, "short").await, &[("/new_password", "too_short")]);
    stack.reset_password(&token, NEW).await.assert_status(204);
}

/// A device that was known before stays the same one.
#[both]
async fn a_device_is_known_by_the_new_password(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    let device = stack.reset_password(&token, NEW).await.header("x-device-token").to_owned();
    let body = json!({ "email": session.email, "password": NEW });
    let login = stack.auth.post("/v1/login").header("x-device-token", &device).json(&body).send().await;
    assert_eq!(login.header("x-device-token"), device);
}

/// Whoever is told in time can do something.
#[both]
async fn the_owner_is_told_of_a_changed_password(stack: TestStack) {
    let (session, token) = forgetful(&stack).await;
    stack.reset_password(&token, NEW).await.assert_status(204);
    let mails = stack.all_mails_to(&session.email, 3).await;
    let told = mails.last().unwrap();
    assert_eq!((told.subject.as_str(), told.link()), ("Your password was changed", None));

    let changed: Session = stack.logged_in().await;
    stack.change_password(&changed, &changed.password, NEW).await.assert_status(200);
    let mails = stack.all_mails_to(&changed.email, 2).await;
    assert_eq!(mails[1].subject, "Your password was changed");
    assert!(!mails[1].raw.contains("http"), "{}", mails[1].raw);
}
