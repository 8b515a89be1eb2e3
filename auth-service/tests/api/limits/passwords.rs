use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{Stopwatch, both, everywhere};

use super::{LATE, MINUTE, assert_limited, exhaust, fail, from_anywhere, limited, other_address};
use crate::answers::but_for_its_request;

const LOGIN: &str = "\"login\";q=10;w=60";
const SLOWED: &str = "\"slowed\";q=1;w=30";
const FAILURES: &str = "\"failures\";q=5;w=900";

/// T113: whoever tries one password at many names is stopped by their address, whether anybody has those names or not.
#[both]
async fn an_address_has_ten_tries_a_minute(options: Options) {
    let stack = limited(options).start().await;
    let known = stack.logged_in().await.person();
    for n in 0..9 {
        let body = json!({ "username": format!("nobody-{n}"), "password": "Spring2026!" });
        stack.login(body).await.assert_problem(401, "invalid_credentials");
    }
    stack.login_by_basic("nobody", "Spring2026!").await.assert_problem(401, "invalid_credentials");

    let wait = assert_limited(&stack.login(known.credentials()).await, LOGIN);
    assert!(wait <= MINUTE, "{wait:?}");
    assert_limited(&stack.login_by_basic("nobody", "x").await, LOGIN);
    // Elsewhere one is served, and here again after the time that was said.
    other_address(&stack, 1).login(known.credentials()).await.assert_status(200);
    stack.clock.advance(wait).await;
    stack.login(known.credentials()).await.assert_status(200);
}

/// T111, T112: a hundred guesses from one address, then from many, are slowed long before they are a hundred; the owner
/// gets in from another address all the while.
#[both]
async fn guesses_at_one_account_are_slowed_and_its_owner_gets_in(options: Options) {
    let stack = from_anywhere(options).start().await;
    let owner = stack.logged_in().await.person();
    let mut heard: usize = 0;
    for _ in 0..100 {
        let answer = fail(&stack, &owner).await;
        match answer.status {
            401 => heard += 1,
            _ => drop(assert_limited(&answer, SLOWED)),
        }
    }
    // Five, and the first of those that are slowed.
    assert!((6..=6 + LATE).contains(&heard), "{heard}");
    other_address(&stack, 1).login(owner.credentials()).await.assert_status(200);

    heard = 0;
    for number in 2..52 {
        let stranger = other_address(&stack, number);
        for _ in 0..2 {
            heard += usize::from(fail(&stranger, &owner).await.status == 401);
        }
    }
    // One from each address.
    assert!((50..=50 + LATE).contains(&heard), "{heard}");
    other_address(&stack, 60).login(owner.credentials()).await.assert_status(200);
    // Where the guesses come from the owner waits for half a minute.
    assert_limited(&stack.login(owner.credentials()).await, SLOWED);
    stack.clock.advance(Duration::from_secs(30)).await;
    stack.login(owner.credentials()).await.assert_status(200);
}

/// T111: whatever many addresses somebody has, an account is tried so often an hour and no more.
#[both]
async fn all_addresses_together_have_a_hundred_slow_tries_an_hour(options: Options) {
    let stack = from_anywhere(options).set("AUTH_LIMIT_SLOWED", "40/30s").start().await;
    let owner = stack.logged_in().await.person();
    for _ in 0..5 {
        fail(&stack, &owner).await.assert_status(401);
    }
    for number in 1..=3 {
        let stranger = other_address(&stack, number);
        for _ in 0..(if number < 3 { 40 } else { 20 }) {
            fail(&stranger, &owner).await.assert_status(401);
        }
    }
    // T112: what opens first is the account itself, after a quarter of an hour.
    let wait = assert_limited(&fail(&other_address(&stack, 4), &owner).await, FAILURES);
    assert!(wait <= 15 * MINUTE, "{wait:?}");
    stack.clock.advance(wait).await;
    other_address(&stack, 5).login(owner.credentials()).await.assert_status(200);
}

/// T111: asking and counting are one step.
#[everywhere]
async fn guesses_that_come_at_once_are_counted_one_by_one(options: Options) {
    let stack = from_anywhere(options).start().await;
    let owner = stack.logged_in().await.person();
    let copies = stack.copies();
    let guesses = (0..60).map(|n| fail(stack.auth(n % copies), &owner));
    let answers = join_all(guesses).await;
    let heard = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((6..=6 + LATE).contains(&heard), "{heard}");
}

/// T111, T119: the limit is asked before the password is looked at, so that a flood of guesses costs no hashing.
#[both]
async fn a_guess_that_is_slowed_costs_no_hash(options: Options) {
    let options = from_anywhere(options).set("AUTH_BCRYPT_COST", "11").set("AUTH_HASH_THREADS", "1");
    let stack = options.start().await;
    let owner = stack.logged_in().await.person();
    exhaust(&stack, &owner).await;
    // The fastest of some: whatever else slows them down does not so every time.
    let fastest = async |person: &Person, status: u16| {
        let mut fastest = Duration::MAX;
        for _ in 0..5 {
            let asked = Stopwatch::start();
            assert_eq!(fail(&stack, person).await.status, status);
            fastest = fastest.min(asked.elapsed());
        }
        fastest
    };
    let (slowed, hashed) = (fastest(&owner, 429).await, fastest(&Person::new(), 401).await);
    assert!(slowed < hashed / 4, "{slowed:?} to refuse, {hashed:?} to hash");
    // Hashed one after another these would take too long, and most would be sent away for that by 503.
    let answers = join_all((0..200).map(|_| fail(&stack, &owner))).await;
    let heard = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(heard <= LATE, "{heard}");
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        assert_limited(answer, SLOWED);
    }
}

/// T111: nobody learns by being slowed down whether there is such an account.
#[both]
async fn an_account_that_is_nobodys_is_slowed_alike(options: Options) {
    let stack = from_anywhere(options).start().await;
    let (known, unknown) = (stack.logged_in().await.person(), Person::new());
    for _ in 0..8 {
        let (one, other) = (fail(&stack, &known).await, fail(&stack, &unknown).await);
        assert_eq!(one.status, other.status);
        let time_left = ["retry-after", "ratelimit", "content-length"];
        let but_for_the_time = |answer| {
            let (status, mut headers, body) = but_for_its_request(answer);
            headers.retain(|(name, _)| !time_left.contains(&name.as_str()));
            (status, headers, body)
        };
        assert_eq!(but_for_the_time(&one), but_for_the_time(&other));
    }
}

/// One name in other letters is one name.
#[both]
async fn a_name_has_one_count_however_it_is_written(options: Options) {
    let stack = from_anywhere(options).start().await;
    let owner = stack.logged_in().await.person();
    let written = [owner.email.clone(), owner.email.to_uppercase(), format!(" {} ", owner.email)];
    for n in 0..6 {
        let body = json!({ "email": written[n % 3], "password": "wrong password" });
        stack.login(body).await.assert_status(401);
    }
    for email in written {
        assert_limited(&stack.login(json!({ "email": email, "password": "wrong" })).await, SLOWED);
    }
}

/// Who is right is not slowed, however often.
#[both]
async fn right_passwords_do_not_count_as_wrong_ones(options: Options) {
    let stack = from_anywhere(options).start().await;
    let owner = stack.logged_in().await.person();
    for _ in 0..4 {
        fail(&stack, &owner).await.assert_status(401);
    }
    for _ in 0..12 {
        stack.login(owner.credentials()).await.assert_status(200);
    }
    fail(&stack, &owner).await.assert_status(401);
}

/// T114: no header of a stranger says where they come from.
#[both]
async fn a_forged_address_changes_nothing(options: Options) {
    let stack = limited(options).start().await;
    let names =
        ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip"];
    let mut refused = 0;
    for n in 0..12 {
        let mut request = stack.auth.post("/v1/login").json(&Person::new().credentials());
        for name in names {
            let value = if name == "forwarded" { format!("for=192.0.2.{n}") } else { format!("192.0.2.{n}") };
            request = request.header(name, value);
        }
        refused += u32::from(request.send().await.status == 429);
    }
    assert_eq!(refused, 2);
}

/// T114: a trusted proxy says who its client is; what that client made up to the left of it changes nothing.
#[both]
async fn behind_a_trusted_proxy_the_nearest_hop_is_counted(options: Options) {
    let stack = limited(options).set("AUTH_TRUSTED_PROXIES", "127.0.0.1").start().await;
    let try_from = async |forwarded: String| {
        let request = stack.auth.post("/v1/login").json(&Person::new().credentials());
        request.header("x-forwarded-for", forwarded).send().await.status
    };
    for n in 0..10 {
        assert_eq!(try_from(format!("198.51.100.{n}, 192.0.2.1")).await, 401);
    }
    for n in 0..3 {
        assert_eq!(try_from(format!("192.0.2.{n}, 192.0.2.1")).await, 429);
    }
    assert_eq!(try_from("192.0.2.1, 192.0.2.2".to_owned()).await, 401);
}

/// Every call that checks a password is counted: a stolen access token does not give more guesses.
#[both]
async fn the_calls_of_who_is_logged_in_are_counted_too(options: Options) {
    let stack = from_anywhere(options).start().await;
    let session = stack.logged_in().await;
    for n in 0..6 {
        let answer = match n % 2 {
            0 => stack.reauthenticate(&session, "wrong password").await,
            _ => stack.change_password(&session, "wrong password", "kongnamul guk 71").await,
        };
        answer.assert_problem(403, "invalid_credentials");
    }
    assert_limited(&stack.reauthenticate(&session, &session.password).await, SLOWED);
    let change = stack.change_password(&session, &session.password, "kongnamul guk 71").await;
    assert_limited(&change, SLOWED);
    stack.me(&session).await.assert_status(200);
}
