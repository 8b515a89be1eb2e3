use std::time::Duration;

use serde_json::json;
use testkit::client::{Client, Person};
use testkit::stack::Options;
use testkit::{Answer, Session, both};

use super::{LATE, assert_limited, exhaust, from_anywhere, other_address};

const SLOWED: &str = "\"slowed\";q=1;w=30";

fn device(answer: &Answer) -> String {
    let token = answer.header("x-device-token");
    assert!(token.starts_with("jdt1_"), "no token of a device: {answer}");
    token.to_owned()
}

async fn login_on(client: &Client, device: &str, person: &Person, password: &str) -> Answer {
    let body = json!({ "email": person.email, "password": password });
    client.auth.post("/v1/login").header("x-device-token", device).json(&body).send().await
}

/// T112: a device that logged in before is not slowed by others, though they be many and where it is itself.
#[both]
async fn a_device_that_logged_in_before_is_not_slowed_by_strangers(options: Options) {
    let stack = from_anywhere(options).set("AUTH_LIMIT_LOGIN", "8/1m").start().await;
    let person = Person::new();
    let known = device(&stack.signup(person.credentials()).await);
    exhaust(&stack, &person).await;
    stack.login(person.credentials()).await.assert_problem(429, "rate_limited");

    for _ in 0..12 {
        let answer = login_on(&stack, &known, &person, &person.password).await;
        answer.assert_status(200);
    }
    // By its cookie, too.
    let cookie = stack.auth.post("/v1/login").header("cookie", format!("device={known}"));
    cookie.json(&person.credentials()).send().await.assert_status(200);
}

/// Ten wrong passwords in a quarter of an hour are its own; then it is like anybody.
#[both]
async fn a_device_has_ten_wrong_passwords_of_its_own(options: Options) {
    let stack = from_anywhere(options).start().await;
    let person = Person::new();
    let known = device(&stack.signup(person.credentials()).await);
    let mut heard: usize = 0;
    while heard < 100 && login_on(&stack, &known, &person, "wrong password").await.status == 401 {
        heard += 1;
    }
    assert!((16..=16 + LATE + 5).contains(&heard), "{heard}");
    assert_limited(&login_on(&stack, &known, &person, &person.password).await, SLOWED);
    stack.clock.advance(Duration::from_secs(15 * 60)).await;
    login_on(&stack, &known, &person, &person.password).await.assert_status(200);
}

/// The token of one account helps at no other, nor does one that was made up or changed.
#[both]
async fn a_device_is_known_at_its_own_account_alone(options: Options) {
    let stack = from_anywhere(options).start().await;
    let (person, stranger) = (Person::new(), Person::new());
    let known = device(&stack.signup(person.credentials()).await);
    let strange = device(&stack.signup(stranger.credentials()).await);
    exhaust(&stack, &person).await;

    let changed = format!("{}A", &known[..known.len() - 1]);
    let changed = if changed == known { format!("{}B", &known[..known.len() - 1]) } else { changed };
    for token in ["", "jdt1_", "nonsense", &strange, &changed] {
        assert_limited(&login_on(&stack, token, &person, &person.password).await, SLOWED);
    }
    login_on(&stack, &known, &person, &person.password).await.assert_status(200);
}

/// Whoever was let in by the old password is a stranger to the new one.
#[both]
async fn a_device_is_known_no_more_when_the_password_is_another(options: Options) {
    let stack = from_anywhere(options).start().await;
    let person = Person::new();
    let signed_up = stack.signup(person.credentials()).await;
    let (session, old) = (Session::of(&signed_up, &person), device(&signed_up));
    let new_password = "kongnamul guk 71";
    let changed = stack.change_password(&session, &person.password, new_password).await;
    let new = device(&changed);
    exhaust(&stack, &person).await;

    assert_limited(&login_on(&stack, &old, &person, new_password).await, SLOWED);
    login_on(&stack, &new, &person, new_password).await.assert_status(200);
}

/// Whoever gets a session gets the token of its device, as a header and as a cookie that no script reads.
#[both]
async fn the_token_comes_with_a_session(options: Options) {
    let stack = from_anywhere(options).start().await;
    let person = Person::new();
    let first = stack.signup(person.credentials()).await;
    let other = other_address(&stack, 1).login(person.credentials()).await;
    assert_ne!(device(&first), device(&other));
    // A device that is known stays the same one.
    let again = login_on(&stack, &device(&first), &person, &person.password).await;
    assert_eq!(device(&again), device(&first));
    for answer in [&first, &other, &again] {
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with(&format!("device={}; ", device(answer))), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    }
    let refresh = stack.refresh(&Session::of(&first, &person).refresh_token).await;
    assert_eq!(refresh.header("x-device-token"), "");
}

#[both]
async fn behind_tls_the_cookie_is_bound_to_it(options: Options) {
    let stack = options.set("AUTH_PUBLIC_URL", "https://auth.example.org").start().await;
    let answer = stack.signup(Person::new().credentials()).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-device=") && cookie.contains("; Secure"), "{cookie}");
}
