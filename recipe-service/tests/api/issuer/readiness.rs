use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::{TestStack, both, eventually};

use super::apart::Apart;

/// The state of one check of `/readyz`.
fn state<'a>(report: &'a Value, name: &str) -> &'a str {
    let checks = report["checks"].as_array().expect("there are no checks");
    let check = checks.iter().find(|check| check["name"] == name);
    check.and_then(|check| check["state"].as_str()).unwrap_or_else(|| panic!("no check {name}"))
}

#[both]
async fn a_service_is_ready_once_it_has_keys_and_revocations(stack: TestStack) {
    let (apart, session) = (Apart::start_alone(&stack).await, stack.logged_in().await);
    let list = async || apart.list_recipes(&session, "").await;

    // Neither: it lives, and serves those who need no token.
    let report = apart.recipes_ops.get("/readyz").send().await.assert_problem(503, "not_ready");
    assert_eq!(state(&report, "issuer"), "not loaded");
    assert!(["postgres", "sqlite"].iter().any(|name| report.to_string().contains(name)));
    apart.recipes_ops.get("/livez").send().await.assert_status(200);
    apart.recipes.get("/healthz").send().await.assert_status(200);
    apart.list_recipes(Anonymous, "").await.assert_status(200);
    apart.create_recipe(Anonymous, json!({})).await.assert_problem(401, "missing_token");
    list().await.assert_problem(503, "keys_unavailable");
    apart.create_recipe(&session, json!({ "title": "국" })).await.assert_problem(503, "keys_unavailable");

    // Keys alone: whose token it is can be told, but not whether it has ended.
    apart.keys.mend();
    let answer = eventually("the keys are loaded", async || {
        let answer = list().await;
        (answer.json()["code"] != "keys_unavailable").then_some(answer)
    });
    answer.await.assert_problem(503, "revocations_stale");
    apart.recipes_ops.get("/readyz").send().await.assert_problem(503, "not_ready");

    apart.feed.mend();
    eventually("the service is ready", async || (apart.readiness().await == 200).then_some(())).await;
    list().await.assert_status(200);
    apart.create_recipe(&session, json!({ "title": "국" })).await.assert_status(201);
}

/// What a container's health check runs. It blocks the test's thread, on which the relays are; the service needs neither.
fn healthcheck(apart: &Apart) -> Option<i32> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_recipe-service"));
    let program = program.arg("healthcheck").env_clear().env("RUST_LOG", "off");
    let ran = program.env("RECIPES_OPS_LISTEN", apart.recipes_ops.addr.to_string()).output();
    ran.expect("the program cannot be run").status.code()
}

#[both]
async fn the_program_asks_whether_the_service_is_ready(stack: TestStack) {
    let apart = Apart::start_alone(&stack).await;
    assert_eq!(healthcheck(&apart), Some(1));

    apart.keys.mend();
    apart.feed.mend();
    eventually("the service is ready", async || (apart.readiness().await == 200).then_some(())).await;
    assert_eq!(healthcheck(&apart), Some(0));
}

#[both]
async fn revocations_without_keys_make_no_service_ready(stack: TestStack) {
    let (apart, session) = (Apart::start_alone(&stack).await, stack.logged_in().await);
    apart.feed.mend();
    apart.list_recipes(&session, "").await.assert_problem(503, "keys_unavailable");
    assert_eq!(apart.readiness().await, 503);

    apart.keys.mend();
    eventually("the service is ready", async || (apart.readiness().await == 200).then_some(())).await;
    apart.list_recipes(&session, "").await.assert_status(200);
}

/// Readiness stays; how far the revocations can be relied upon is said, and how old and how many they are is measured.
#[both]
async fn how_the_copy_of_the_revocations_is_can_be_seen(stack: TestStack) {
    let (apart, session) = (Apart::start(&stack).await, stack.logged_in().await);
    stack.logout(&session).await.assert_status(204);
    let metrics = async || apart.recipes_ops.get("/metrics").send().await.text();
    for metric in ["revocation_lag_seconds ", "revocation_entries ", "revocation_state{state=\"live\"} "] {
        eventually(metric, async || metrics().await.contains(metric).then_some(())).await;
    }
    let report = async || apart.recipes_ops.get("/readyz").send().await.assert_status(200).json();
    assert_eq!(state(&report().await, "revocations"), "ready");

    apart.feed.cut().await;
    for (seconds, said) in [(6, "stale"), (25, "blind")] {
        stack.clock.advance_unheard(Duration::from_secs(seconds));
        assert_eq!(state(&report().await, "revocations"), said);
    }
}
