//! POST /v1/email, /v1/email/verify, /v1/email/verify/resend, and the mail at sign-up.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::{Anonymous, Person};
use testkit::stack::Options;
use testkit::{Session, TestStack, both, everywhere};

use crate::answers::access_token;
use crate::database::Database;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn is_verified(stack: &TestStack, session: &Session) -> bool {
    stack.me(session).await.json()["email_verified"] == true
}

async fn address(stack: &TestStack, session: &Session) -> String {
    stack.me(session).await.json()["email"].as_str().unwrap().to_owned()
}

/// Asks for another address, and gives it with the token of the link that it was sent.
async fn wants_another(stack: &TestStack, session: &Session) -> (String, String) {
    let wanted = Person::new().email;
    stack.change_email(session, &wanted).await.assert_status(202);
    let token = stack.token_to(&wanted, "verify").await;
    (wanted, token)
}

#[everywhere]
async fn the_mail_at_sign_up_verifies_the_address(stack: TestStack) {
    let session = stack.logged_in().await;
    assert!(!is_verified(&stack, &session).await);
    let token = stack.token_to(&session.email, "verify").await;
    let answer = stack.auth(stack.copies() - 1).verify_email(&token).await;
    answer.assert_status(204);
    assert!(answer.body.is_empty());
    assert!(is_verified(&stack, &session).await);
    stack.verify_email(&token).await.assert_problem(410, "token_spent");
    // Both copies saw the mail, and one sent it.
    assert_eq!(stack.mails_to(&session.email).len(), 1);
    let events = Database::of(&stack).texts("SELECT event AS value FROM audit ORDER BY id").await;
    assert_eq!(events, ["signed_up", "email_verified"]);
}

/// T143: byte for byte the address that is kept, whatever was typed.
#[both]
async fn a_mail_goes_to_the_address_as_it_is_kept(stack: TestStack) {
    let typed = "  Kim.Chi+Soup@Exａmple.COM ";
    let body = json!({ "email": typed, "password": "kongnamul guk 71" });
    let kept = stack.signup(body).await.json()["user"]["email"].as_str().unwrap().to_owned();
    assert_eq!(kept, "kim.chi+soup@example.com");
    assert_eq!(stack.all_mails_to(&kept, 1).await[0].to, kept);
}

#[both]
async fn a_verification_is_good_for_a_day(stack: TestStack) {
    let session = stack.logged_in().await;
    let token = stack.token_to(&session.email, "verify").await;
    stack.clock.advance(DAY + Duration::from_secs(1)).await;
    stack.verify_email(&token).await.assert_problem(410, "token_spent");
    stack.verify_email("jlt1_nonsense").await.assert_problem(410, "token_spent");
}

/// T180: the address stays as it was until the new one is shown to be theirs; then the old one is told.
#[both]
async fn another_address_is_theirs_once_it_is_verified(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.token_to(&session.email, "verify").await;
    let (wanted, token) = wants_another(&stack, &session).await;
    assert_eq!(address(&stack, &session).await, session.email);
    stack.login(json!({ "email": wanted, "password": session.password })).await.assert_status(401);
    // There is one link of a kind at a time.
    stack.verify_email(&first).await.assert_problem(410, "token_spent");

    stack.verify_email(&token).await.assert_status(204);
    assert_eq!(address(&stack, &session).await, wanted);
    assert!(is_verified(&stack, &session).await);
    stack.login(json!({ "email": wanted, "password": session.password })).await.assert_status(200);
    stack.login(session.person().credentials()).await.assert_problem(401, "invalid_credentials");
    let told = stack.all_mails_to(&session.email, 2).await.pop().unwrap();
    assert_eq!((told.subject.as_str(), told.link()), ("The address of your account was changed", None));
    assert!(!told.raw.contains(&wanted), "{}", told.raw);
}

/// T180: who has somebody's token of a while ago cannot take the account with it.
#[both]
async fn only_who_proved_lately_who_they_are_changes_the_address(stack: TestStack) {
    let session = stack.logged_in().await;
    let wanted = Person::new().email;
    stack.change_email(Anonymous, &wanted).await.assert_problem(401, "missing_token");
    stack.clock.advance(Duration::from_secs(301)).await;
    let answer = stack.change_email(&session, &wanted).await;
    answer.assert_problem(401, "reauthentication_required");
    assert!(answer.header("www-authenticate").contains("max_age=300"), "{answer}");
    assert!(stack.mails_to(&wanted).is_empty());

    let fresh = access_token(&stack.reauthenticate(&session, &session.password).await);
    for body in [json!({ "email": "nobody" }), json!({ "email": [wanted] }), json!({})] {
        let answer = stack.auth.post("/v1/email").bearer(&fresh).json(&body).send().await;
        answer.assert_problem(422, "validation_failed");
    }
    stack.change_email(&fresh, &wanted).await.assert_status(202);
    let token = stack.token_to(&wanted, "verify").await;
    stack.verify_email(&token).await.assert_status(204);
    assert_eq!(stack.all_mails_to(&session.email, 2).await.len(), 2);
}

/// Asking tells nobody whose an address is; whoever can read its mails is told when they follow the link.
#[both]
async fn an_address_of_somebody_else_stays_theirs(stack: TestStack) {
    let (owner, other) = (stack.logged_in().await, stack.logged_in().await);
    stack.change_email(&other, &owner.email).await.assert_status(202);
    let token = stack.nth_token_to(&owner.email, "verify", 2).await;
    for _ in 0..2 {
        stack.verify_email(&token).await.assert_problem(409, "email_taken");
    }
    assert_eq!(address(&stack, &other).await, other.email);
    stack.login(owner.person().credentials()).await.assert_status(200);
}

/// Of two who want one address and can both read its mails, one has it.
#[everywhere]
async fn of_many_who_verify_one_address_one_gets_it(stack: TestStack) {
    let wanted = Person::new().email;
    let mut sessions = Vec::new();
    for nth in 1..=6 {
        let session = stack.logged_in().await;
        stack.change_email(&session, &wanted).await.assert_status(202);
        stack.nth_token_to(&wanted, "verify", nth).await;
        sessions.push(session);
    }
    let tokens: Vec<String> = stack.mails_to(&wanted).iter().filter_map(|m| m.token_for("verify")).collect();
    let answers = join_all(
        tokens.iter().enumerate().map(|(n, token)| stack.auth(n % stack.copies()).verify_email(token)),
    )
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 204) {
        answer.assert_problem(409, "email_taken");
    }
    let owners = format!("SELECT count(*) AS value FROM users WHERE email = '{wanted}'");
    assert_eq!(Database::of(&stack).number(owners).await, 1);
}

/// Whoever had the account before its owner took it back has a link somewhere; it does not help them, and nobody sends
/// them another one.
#[both]
async fn an_address_that_was_asked_for_before_a_reset_is_not_taken(stack: TestStack) {
    let session = stack.logged_in().await;
    let (strange, token) = wants_another(&stack, &session).await;
    stack.forgot_password(&session.email).await.assert_status(202);
    let reset = stack.token_to(&session.email, "reset").await;
    stack.reset_password(&reset, "kongnamul guk 71").await.assert_status(204);

    stack.verify_email(&token).await.assert_problem(410, "token_spent");
    let owner = Person { password: "kongnamul guk 71".to_owned(), ..session.person() };
    let owner = stack.logged_in_again(&owner).await;
    stack.resend_verification(&owner).await.assert_status(202);
    assert_eq!(address(&stack, &owner).await, session.email);
    assert_eq!(stack.mails_to(&strange).len(), 1);
}

/// A link to choose a password by that went to the old address dies with it.
#[both]
async fn the_old_address_resets_nothing_any_more(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.forgot_password(&session.email).await.assert_status(202);
    let reset = stack.token_to(&session.email, "reset").await;
    let (_, token) = wants_another(&stack, &session).await;
    stack.verify_email(&token).await.assert_status(204);
    stack.reset_password(&reset, "kongnamul guk 71").await.assert_problem(410, "token_spent");
}

#[both]
async fn a_link_is_sent_once_more_to_where_it_is_awaited(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.token_to(&session.email, "verify").await;
    stack.resend_verification(&session).await.assert_status(202);
    let second = stack.nth_token_to(&session.email, "verify", 2).await;
    stack.verify_email(&first).await.assert_problem(410, "token_spent");
    stack.verify_email(&second).await.assert_status(204);
    // Nothing is awaited: nothing is sent.
    stack.resend_verification(&session).await.assert_status(202);

    let (wanted, first) = wants_another(&stack, &session).await;
    stack.resend_verification(&session).await.assert_status(202);
    let second = stack.nth_token_to(&wanted, "verify", 2).await;
    stack.verify_email(&first).await.assert_problem(410, "token_spent");
    stack.verify_email(&second).await.assert_status(204);
    assert_eq!(address(&stack, &session).await, wanted);
    stack.resend_verification(Anonymous).await.assert_problem(401, "missing_token");
    let verifications =
        stack.mails_to(&session.email).iter().filter(|m| m.token_for("verify").is_some()).count();
    assert_eq!(verifications, 2);
}

/// Who thinks better of it keeps the address that they have.
#[both]
async fn to_ask_for_the_present_address_forgets_the_other_one(stack: TestStack) {
    let session = stack.logged_in().await;
    let own = stack.token_to(&session.email, "verify").await;
    stack.verify_email(&own).await.assert_status(204);
    let (_, token) = wants_another(&stack, &session).await;
    stack.change_email(&session, &session.email.to_uppercase()).await.assert_status(202);
    stack.verify_email(&token).await.assert_problem(410, "token_spent");
    assert_eq!(address(&stack, &session).await, session.email);
}

/// An account sends nobody more than a few mails.
#[both]
async fn an_account_asks_for_few_verifications(options: Options) {
    let stack = options.set("AUTH_RATE_LIMITS", "on").start().await;
    let session = stack.logged_in().await;
    for _ in 0..4 {
        stack.change_email(&session, &Person::new().email).await.assert_status(202);
    }
    stack.resend_verification(&session).await.assert_status(202);
    stack.resend_verification(&session).await.assert_problem(429, "rate_limited");
    stack.change_email(&session, &Person::new().email).await.assert_problem(429, "rate_limited");
    stack.clock.advance(Duration::from_secs(3600)).await;
    let session = stack.logged_in_again(&session.person()).await;
    stack.resend_verification(&session).await.assert_status(202);
}

/// The address that somebody wants is theirs to see among what is kept of them, and gone with them.
#[both]
async fn an_awaited_address_is_part_of_what_is_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let (wanted, token) = wants_another(&stack, &session).await;
    assert_eq!(stack.export(&session).await.json()["awaited_email"], wanted);
    stack.delete_me(&session, "").await.assert_status(204);
    stack.verify_email(&token).await.assert_problem(410, "token_spent");
    let database = Database::of(&stack);
    assert_eq!((database.count("links").await, database.count("mails").await), (0, 0));
}
