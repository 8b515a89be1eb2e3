use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Person;
use testkit::everywhere;
use testkit::stack::Options;

use super::crowded;
use crate::database::Database;

const AT_ONCE: usize = 50;

/// T139, T149
#[everywhere]
async fn of_fifty_signups_for_one_address_one_succeeds(options: Options) {
    let stack = crowded(options).set("AUTH_HASH_THREADS", "8").start().await;
    let person = Person::new();
    let spellings = [person.email.clone(), person.email.to_uppercase(), format!(" {}", person.email)];
    let answers = join_all((0..AT_ONCE).map(|n| {
        let body = json!({ "email": spellings[n % 3], "password": person.password });
        let client = stack.auth(n % stack.copies());
        async move { client.signup(body).await }
    }))
    .await;

    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.assert_problem(409, "email_taken");
    }
    // Whoever failed has left nothing behind.
    let counts = Database::of(&stack).counts().await;
    let one_of = ["users", "credentials", "sessions", "people_events", "audit"];
    for (table, rows) in counts {
        assert_eq!(rows, i64::from(one_of.contains(&table)), "{table}");
    }
    stack.login(person.credentials()).await.assert_status(200);
}

/// T139, T149
#[everywhere]
async fn of_fifty_people_who_want_one_user_name_one_gets_it(options: Options) {
    let stack = crowded(options).start().await;
    let sessions = join_all((0..10).map(|n| stack.auth(n % stack.copies()).logged_in())).await;
    let answers = join_all((0..AT_ONCE).map(|n| {
        let name = if n % 2 == 0 { "chulsoo" } else { "ChulSoo" };
        stack.auth(n % stack.copies()).change_me(&sessions[n % 10], json!({ "username": name }))
    }))
    .await;

    let owner = answers.iter().position(|answer| answer.status == 200).expect("nobody got it") % 10;
    for (n, answer) in answers.iter().enumerate() {
        if n % 10 == owner {
            answer.assert_status(200);
        } else {
            answer.assert_problem(409, "username_taken");
        }
    }
    assert_eq!(Database::of(&stack).number("SELECT count(username) AS value FROM users").await, 1);
}
