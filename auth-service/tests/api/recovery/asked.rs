//! Asking for a link: nobody learns who is known here, and nobody is buried in mails.

use std::time::Duration;

use common::clock::Clock;
use serde_json::{Value, json};
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{Answer, TestStack, both, eventually};

use super::{NEW, assert_lets_in, forgetful, forgotten};
use crate::answers::{access_token, assert_invalid};
use crate::database::Database;
use crate::login::timing::{cannot_be_told_apart, median};

const ROUNDS: usize = 60;
/// Machines that run tests are busy: chance may have it once, a leak shows every time.
const TRIES: usize = 12;

async fn queue_is_empty(stack: &TestStack) {
    let database = Database::of(stack);
    eventually("the queue is empty", async || (database.count("mails").await == 0).then_some(())).await;
}

/// What of an answer is the same for everybody: all but the id of the request and the time.
fn told(answer: &Answer) -> (u16, Vec<String>, Vec<u8>) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

/// T174: one status, one body, for somebody, nobody, who is disabled and who has left.
#[both]
async fn the_answer_tells_nobody_who_is_known_here(stack: TestStack) {
    let (known, disabled, gone) = (stack.logged_in().await, stack.logged_in().await, stack.logged_in().await);
    stack.disable(&disabled.email).await;
    stack.delete_me(&gone, "").await.assert_status(204);

    let nobody = Person::new().email;
    let expected = told(&stack.forgot_password(&nobody).await);
    assert_eq!((expected.0, &expected.2[..]), (202, &b""[..]));
    for email in [&known.email, &disabled.email, &gone.email, &known.email.to_uppercase()] {
        assert_eq!(told(&stack.forgot_password(email).await), expected, "{email}");
    }
    queue_is_empty(&stack).await;
    let to =
        |email: &str| stack.mails_to(email).iter().filter(|mail| mail.token_for("reset").is_some()).count();
    let (of_known, of_others) = (to(&known.email), [to(&nobody), to(&disabled.email), to(&gone.email)]);
    assert_eq!((of_known, of_others), (2, [0, 0, 0]));
}

/// T174: how long the answer takes tells nothing either: the mail is sent later.
#[both]
async fn the_answer_takes_as_long_for_nobody_as_for_somebody(stack: TestStack) {
    let emails = [stack.logged_in().await.email, Person::new().email];
    let clock = Clock::system();
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let mut times = vec![Vec::new(); 2];
        for round in 0..ROUNDS {
            // Who comes first changes: each may have to wait for what the other left to do.
            for which in [round % 2, (round + 1) % 2] {
                let sent = clock.boot();
                stack.forgot_password(&emails[which]).await.assert_status(202);
                times[which].push(clock.boot() - sent);
            }
        }
        if cannot_be_told_apart(&times[0], &times[1]) {
            return;
        }
        seen.push(times.iter().map(|times| median(times)).collect::<Vec<_>>());
    }
    panic!("medians of known and unknown: {seen:?}");
}

/// T175: whatever a request says of where it came in, the link leads where the operator said.
#[both]
async fn a_link_leads_where_the_operator_said(options: Options) {
    let stack = options.set("AUTH_PUBLIC_URL", "https://auth.example.org/accounts/").start().await;
    let spoofed = [
        ("host", "attacker.example"),
        ("x-forwarded-host", "attacker.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=attacker.example;proto=http"),
        ("x-original-host", "attacker.example"),
        ("origin", "https://attacker.example"),
        ("referer", "https://attacker.example/"),
    ];
    let mut mails = Vec::new();
    for (name, value) in spoofed {
        let (person, wanted) = (Person::new(), Person::new().email);
        let post = |path: &str| stack.auth.post(path).header(name, value);
        let signed_up = post("/v1/signup").json(&person.credentials()).send().await;
        signed_up.assert_status(201);
        // The next link takes its place, sent or not.
        stack.token_to(&person.email, "verify").await;
        let asking = post("/v1/email").bearer(&access_token(&signed_up)).json(&json!({ "email": wanted }));
        asking.send().await.assert_status(202);
        let asking = post("/v1/password/forgot").json(&json!({ "email": person.email }));
        asking.send().await.assert_status(202);
        mails.extend(stack.all_mails_to(&person.email, 2).await);
        mails.extend(stack.all_mails_to(&wanted, 1).await);
    }
    for mail in &mails {
        let link = mail.link().expect("no link");
        assert!(link.starts_with("https://auth.example.org/accounts/"), "{link}");
        assert!(!mail.raw.contains("attacker"), "{}", mail.raw);
    }
}

/// T179: what is no single address is refused, and nothing is sent to anybody.
#[both]
async fn two_addresses_in_one_are_refused(stack: TestStack) {
    let (victim, attacker) = (stack.logged_in().await.email, stack.logged_in().await.email);
    let bodies: [Value; 6] = [
        json!({ "email": [victim, attacker] }),
        json!({ "email": { "email": victim } }),
        json!({ "email": format!("{victim},{attacker}") }),
        json!({ "email": format!("{victim}\nBcc: {attacker}") }),
        json!({ "email": null }),
        json!({ "email": victim, "cc": attacker }),
    ];
    for body in bodies {
        let answer = stack.auth.post("/v1/password/forgot").json(&body).send().await;
        answer.assert_problem(422, "validation_failed");
    }
    let twice = format!("{{\"email\":\"{victim}\",\"email\":\"{attacker}\"}}");
    let answer = stack.auth.post("/v1/password/forgot").body("application/json", twice).send().await;
    assert_invalid(&answer, &[("/email", "duplicate_member")]);
    queue_is_empty(&stack).await;
    for address in [&victim, &attacker] {
        assert!(stack.mails_to(address).iter().all(|mail| mail.token_for("reset").is_none()));
    }
}

/// T181: three links an hour; whoever asks more often gets the same answer, and the last link stays good.
#[both]
async fn a_hundred_requests_send_three_mails(options: Options) {
    let options = options.set("AUTH_RATE_LIMITS", "on").set("AUTH_LIMIT_FORGOT_ADDRESS", "1000/1h");
    let stack = options.start().await;
    let session = stack.logged_in().await;
    for _ in 0..100 {
        let answer = stack.forgot_password(&session.email).await;
        assert_eq!((answer.status, answer.body.len()), (202, 0), "{answer}");
    }
    queue_is_empty(&stack).await;
    let tokens = |email: &str| {
        let mails = stack.mails_to(email);
        mails.iter().filter_map(|mail| mail.token_for("reset")).collect::<Vec<_>>()
    };
    let sent = tokens(&session.email);
    assert_eq!(sent.len(), 3);
    stack.reset_password(&sent[2], NEW).await.assert_status(204);

    // Others are not slowed by it, and an hour later there is room again.
    let (_, token) = forgetful(&stack).await;
    stack.reset_password(&token, NEW).await.assert_status(204);
    stack.clock.advance(Duration::from_secs(3600)).await;
    let token = forgotten(&stack, &session.email, 4).await;
    stack.reset_password(&token, "another soup 88").await.assert_status(204);
    assert_lets_in(&stack, &session, "another soup 88").await;
}

/// T181: nobody fills the queue from one address, and the answer stays the same.
#[both]
async fn an_address_asks_only_so_often_for_whatever_accounts(options: Options) {
    let options = options.set("AUTH_RATE_LIMITS", "on").set("AUTH_LIMIT_FORGOT_ADDRESS", "4/1h");
    let stack = options.start().await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(stack.logged_in().await);
    }
    for person in &people {
        stack.forgot_password(&person.email).await.assert_status(202);
    }
    queue_is_empty(&stack).await;
    let sent = |email: &str| stack.mails_to(email).iter().filter(|m| m.token_for("reset").is_some()).count();
    let sent: usize = people.iter().map(|person| sent(&person.email)).sum();
    assert_eq!(sent, 4);
}
