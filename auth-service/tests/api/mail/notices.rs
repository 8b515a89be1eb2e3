//! What people are told without having asked.

use std::time::Duration;

use serde_json::json;
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{Answer, Session, TestStack, both};

use super::queue_is_empty;

const NEW_DEVICE: &str = "Your account was logged in to from a new device";

async fn verified(stack: &TestStack) -> (Person, Session, String) {
    let person = Person::new();
    let answer = stack.signup(person.credentials()).await;
    let device = answer.header("x-device-token").to_owned();
    let token = stack.token_to(&person.email, "verify").await;
    stack.verify_email(&token).await.assert_status(204);
    let session = Session::of(&answer, &person);
    (person, session, device)
}

async fn login_on(stack: &TestStack, device: &str, person: &Person) -> Answer {
    let login = stack.auth.post("/v1/login").header("x-device-token", device);
    login.header("user-agent", "evil.example/1").json(&person.credentials()).send().await
}

async fn notices(stack: &TestStack, person: &Person) -> usize {
    queue_is_empty(stack).await;
    stack.mails_to(&person.email).iter().filter(|mail| mail.subject == NEW_DEVICE).count()
}

#[both]
async fn a_login_on_a_new_device_is_told_to_the_owner(stack: TestStack) {
    let (person, _, device) = verified(&stack).await;
    login_on(&stack, &device, &person).await.assert_status(200);
    assert_eq!(notices(&stack, &person).await, 0);

    let new = login_on(&stack, "jdt1_nonsense", &person).await;
    new.assert_status(200);
    let mail = stack.all_mails_to(&person.email, 2).await.pop().unwrap();
    assert_eq!((mail.subject.as_str(), mail.link()), (NEW_DEVICE, None));
    assert!(mail.text.contains("127.0.0.1"), "{}", mail.text);
    assert!(!mail.raw.contains("http") && !mail.raw.contains("evil"), "{}", mail.raw);

    // From then on it is known, too.
    login_on(&stack, new.header("x-device-token"), &person).await.assert_status(200);
    assert_eq!(notices(&stack, &person).await, 1);
}

/// The device of one account is new to another; and a wrong password is no login.
#[both]
async fn a_device_is_known_at_its_own_account_alone(stack: TestStack) {
    let (person, _, _) = verified(&stack).await;
    let (_, _, strange) = verified(&stack).await;
    let wrong = Person { password: "wrong password".to_owned(), ..person.clone() };
    login_on(&stack, &strange, &wrong).await.assert_status(401);
    assert_eq!(notices(&stack, &person).await, 0);
    login_on(&stack, &strange, &person).await.assert_status(200);
    assert_eq!(notices(&stack, &person).await, 1);
}

/// An address that nobody has verified may be a stranger's, who never asked for mails.
#[both]
async fn an_address_that_is_not_verified_is_told_of_no_device(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.login(session.person().credentials()).await.assert_status(200);
    assert_eq!(notices(&stack, &session.person()).await, 0);
}

/// Programs that keep no token of a device do not fill a mailbox.
#[both]
async fn there_are_five_notices_an_hour(options: Options) {
    let options = options.set("AUTH_RATE_LIMITS", "on").set("AUTH_LIMIT_LOGIN", "1000/1m");
    let stack = options.start().await;
    let (person, _, _) = verified(&stack).await;
    for _ in 0..8 {
        stack.login(person.credentials()).await.assert_status(200);
    }
    assert_eq!(notices(&stack, &person).await, 5);
    stack.clock.advance(Duration::from_secs(3600)).await;
    stack.login(person.credentials()).await.assert_status(200);
    assert_eq!(notices(&stack, &person).await, 6);
}

/// What an operator does is told as well.
#[both]
async fn the_owner_is_told_that_an_operator_changed_the_password(stack: TestStack) {
    let session = stack.logged_in().await;
    let body = json!({ "locale": "ko" });
    stack.change_me(&session, body).await.assert_status(200);
    stack
        .as_operator(async |auth| {
            let password = auth_service::domain::Password::tried("kongnamul guk 71").unwrap();
            auth.set_password(&session.email, &password).await.unwrap();
        })
        .await;
    let mail = stack.all_mails_to(&session.email, 2).await.pop().unwrap();
    assert_eq!(mail.subject, "비밀번호가 바뀌었습니다");
}
