use std::time::Duration;

use auth_service::config::Settings;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::clock::Clock;
use common::secrets::SecretFolder;
use common::settings::Variables;
use testkit::client::Person;
use testkit::journal::Watch;
use testkit::{TestStack, both};

use super::{assert_keeps_out, assert_lets_in};
use crate::database::Database;

/// What bcrypt is given for a password, as DESIGN.md §6 has it.
fn peppered(stack: &TestStack, password: &str) -> String {
    let folder = SecretFolder::open(&stack.secrets_dir().join("auth")).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA384, folder.read("pepper.1").unwrap().expose());
    STANDARD.encode(hmac::sign(&key, password.as_bytes()))
}

async fn stored(stack: &TestStack, user_id: &str) -> String {
    let database = Database::of(stack);
    let query = format!("SELECT secret AS value FROM credentials WHERE user_id = {}", database.id(user_id));
    database.texts(query).await.remove(0)
}

async fn store(stack: &TestStack, user_id: &str, secret: &str) {
    let database = Database::of(stack);
    let secret = secret.replace('\'', "''");
    let statement =
        format!("UPDATE credentials SET secret = '{secret}' WHERE user_id = {}", database.id(user_id));
    assert_eq!(database.change(statement).await, 1);
}

/// T133
#[both]
async fn what_is_stored_is_bcrypt_with_a_salt_over_a_peppered_hash(stack: TestStack) {
    let first = stack.logged_in().await;
    let person = Person { password: first.password.clone(), ..Person::new() };
    let second = testkit::Session::of(&stack.signup(person.credentials()).await, &person);

    let (one, other) = (stored(&stack, &first.user_id).await, stored(&stack, &second.user_id).await);
    assert_ne!(one, other, "one salt for two");
    for stored in [&one, &other] {
        let hash = stored.strip_prefix("b1.1").expect("a version of the form and of the pepper");
        assert!(hash.starts_with("$2b$04$") && hash.len() == 60, "{stored}");
        assert!(bcrypt::verify(peppered(&stack, &first.password), hash).unwrap());
    }
}

/// T133: and there is a thread for it on each core.
#[test]
fn a_hash_costs_what_is_asked_for_unless_an_operator_says_otherwise() {
    let settings = Settings::from_variables(&Variables::default()).unwrap();
    assert_eq!(settings.bcrypt_cost, 12);
    assert_eq!(settings.hash_threads, std::thread::available_parallelism().unwrap().get());
}

/// T133, T164, T235: neither the database nor the log holds a password or a token.
#[both]
async fn no_password_and_no_token_is_kept_or_logged(stack: TestStack) {
    let person = Person::new();
    let watch = Watch::for_text(person.password.clone());
    let session = testkit::Session::of(&stack.signup(person.credentials()).await, &person);
    let tokens = Watch::for_text(session.refresh_token.clone());
    let access_tokens = Watch::for_text(session.access_token.clone());
    stack.login(person.credentials()).await.assert_status(200);
    stack.login_by_basic("nobody", &person.password).await.assert_status(401);
    stack.me(&session).await.assert_status(200);
    stack.refresh(&session.refresh_token).await.assert_status(200);
    stack.refresh(&session.access_token).await.assert_status(401);
    stack.logout(&session).await.assert_status(204);
    stack.me(&session).await.assert_status(401);

    let database = Database::of(&stack);
    assert!(database.holds(person.email.as_bytes()).await, "the dump is not one");
    for secret in [&person.password, &session.refresh_token, &session.access_token] {
        assert!(!database.holds(secret.as_bytes()).await);
    }
    for watch in [watch, tokens, access_tokens] {
        assert_eq!(watch.lines(), Vec::<String>::new());
    }
}

/// T105: who signed up when hashes were cheaper or dearer is stored in today's way at the next login. Until then their
/// logins take another time than everybody's; at import the cost is capped.
#[both]
async fn a_hash_of_another_cost_is_renewed_at_login(stack: TestStack) {
    for cost in [5, 6] {
        let session = stack.logged_in().await;
        let old = format!("b1.1{}", bcrypt::hash(peppered(&stack, &session.password), cost).unwrap());
        store(&stack, &session.user_id, &old).await;

        assert_keeps_out(&stack, &session.person(), "wrong password").await;
        assert_eq!(stored(&stack, &session.user_id).await, old);

        let again = stack.logged_in_again(&session.person()).await;
        assert!(stored(&stack, &session.user_id).await.starts_with("b1.1$2b$04$"));
        for session in [&session, &again] {
            stack.refresh(&session.refresh_token).await.assert_status(200);
        }
        assert_lets_in(&stack, &session.person(), &session.password).await;
    }
}

/// T134: whatever is in the place of a hash keeps out, at once, and breaks nothing.
#[both]
async fn a_hash_that_was_tampered_with_is_nobodys_password(stack: TestStack) {
    let session = stack.logged_in().await;
    let good = stored(&stack, &session.user_id).await;
    let bcrypt = good.strip_prefix("b1.1").unwrap();
    let salted = &bcrypt[7..];
    let tampered = [
        String::new(),
        "*".to_owned(),
        "!".to_owned(),
        "x".repeat(60),
        bcrypt.to_owned(),
        good.replace("b1.1", "b1.2"),
        good.replace("b1.1", "b1."),
        good.replace("b1.1", "b1.999"),
        good.replace("b1.1", "b2.1"),
        good.replace("$2b$", "$2x$"),
        good.replace("$2b$", "$2a$"),
        good.replace("$2b$04$", "$2b$31$"),
        good.replace("$2b$04$", "$2b$03$"),
        good.replace("$2b$04$", "$2b$00$"),
        good.replace("$2b$04$", "$2b$-4$"),
        good[..good.len() - 1].to_owned(),
        format!("{good}x"),
        format!("{good}\n"),
        format!("b1.1$2b$04${}", "*".repeat(53)),
        format!("b1.1$2b$04${}", "é".repeat(26)),
        format!("b1.1$2b$04${}é", &salted[..51]),
        format!("b1.1$2b$04${}*", &salted[..52]),
        session.password.clone(),
    ];
    let clock = Clock::system();
    for tampered in tampered {
        store(&stack, &session.user_id, &tampered).await;
        let asked = clock.boot();
        assert_keeps_out(&stack, &session.person(), &session.password).await;
        assert!(clock.boot() - asked < Duration::from_secs(5), "{tampered:?} was hashed");
    }
    store(&stack, &session.user_id, &good).await;
    assert_lets_in(&stack, &session.person(), &session.password).await;
}
