//! The keys that tokens are sealed with: their versions, and what stops a start.

use auth_service::app;
use auth_service::config::Sealing;
use auth_service::service::background::Background;
use common::clock::Clock;
use common::secrets::{Secret, write_secret};
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::{add_key, head, on};

/// Starts one more copy that seals: its refusal, if it does not come up.
async fn refusal(stack: &TestStack) -> Option<String> {
    let mut settings = stack.auth_settings().clone();
    settings.sealing = Sealing::On;
    let db = app::open(&settings).expect("the auth database cannot be opened");
    let started = app::start(settings, db, Clock::system(), &mut Background::default()).await;
    started.err().map(|error| format!("{error:#}"))
}

#[both]
async fn a_new_key_seals_after_a_start_and_those_that_run_open_what_it_sealed(options: Options) {
    let stack = on(options).start().await;
    let old = stack.logged_in().await;
    add_key(&stack, 2);
    let running = stack.logged_in().await;
    assert_eq!(head(&running.access_token)["kid"], "seal.1");
    let refreshing = running.refresh_token.clone();
    let sealed = stack
        .as_operator(async |auth| {
            auth.refresh(&refreshing, Default::default(), Default::default(), Default::default()).await
        })
        .await;
    let sealed = sealed.expect("not refreshed").access_token;
    assert_eq!(head(&sealed)["kid"], "seal.2");
    // Whoever reads the folder again does so at most once a second.
    stack.clock.advance(std::time::Duration::from_secs(2)).await;
    for token in [&sealed, &old.access_token] {
        stack.list_recipes(token, "").await.assert_status(200);
        stack.me(token).await.assert_status(200);
    }
}

#[both]
async fn a_key_that_is_missing_or_another_stops_the_start(options: Options) {
    let stack = on(options).start().await;
    assert_eq!(refusal(&stack).await, None);
    let path = stack.secrets_dir().join("seal/seal.1");
    let kept = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let missing = refusal(&stack).await.expect("it started");
    assert!(missing.contains("AUTH_SECRETS_DIR") && missing.contains("seal.1 is missing"), "{missing}");
    write_secret(&path, &Secret::random().expose_text()).unwrap();
    let different = refusal(&stack).await.expect("it started");
    assert!(different.contains("seal.1 is not the one"), "{different}");
    std::fs::write(&path, kept).unwrap();
    assert_eq!(refusal(&stack).await, None);
}
