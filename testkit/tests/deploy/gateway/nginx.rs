//! What nginx does in its own way.

use futures_util::future::join_all;
use serde_json::json;
use testkit::stack::Options;
use testkit::{Gateway, both};

use super::behind::assert_refused;
use super::behind_a_proxy;

/// A target that the two of us could read differently goes nowhere.
#[both]
async fn a_target_that_is_below_another_prefix_once_resolved_is_refused(options: Options) {
    let stack = behind_a_proxy(options).await;
    let gateway = Gateway::nginx(&stack);
    for target in ["/auth/%2e%2e/recipes/v1/recipes", "/recipes/..%2fauth/v1/me", "//auth/v1/me"] {
        let url = format!("{}{target}", gateway.url());
        let output = std::process::Command::new("curl")
            .args(["--silent", "--path-as-is", "--cacert"])
            .arg(gateway.process().certificate())
            .arg(url)
            .output()
            .unwrap();
        let body: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (&body["code"], &body["type"]),
            (&json!("malformed_request"), &json!("about:blank")),
            "{target}"
        );
    }
}

#[both]
async fn what_is_escaped_reaches_the_service_as_it_was_written(options: Options) {
    let stack = behind_a_proxy(options).await;
    let client = Gateway::nginx(&stack);
    let client = client.client();
    // One word with an escaped slash is not two: no route has it.
    client.recipes.get("/v1/recipes/a%2Fcover").send().await.assert_problem(404, "not_found");
    let spaces = client.recipes.get("/v1/recipes?q=%EA%B9%80%20%EC%B9%98").send().await;
    spaces.assert_ok();
}

/// Fifty tabs that refresh at once are served; a flood of bodies from one address is not.
#[both]
async fn a_flood_of_bodies_is_slowed(options: Options) {
    let stack = behind_a_proxy(options).await;
    let gateway = Gateway::nginx(&stack);
    let client = gateway.client();
    let session = client.logged_in().await;
    let tabs = join_all((0..50).map(|_| client.refresh(&session.refresh_token))).await;
    tabs.iter().for_each(|answer| {
        answer.assert_ok();
    });

    let flood = join_all((0..600).map(|_| client.refresh("jrt1_no"))).await;
    let slowed: Vec<_> = flood.iter().filter(|answer| answer.status == 429).collect();
    assert!(!slowed.is_empty() && slowed.len() < 600);
    for answer in slowed {
        assert_refused(answer, 429, "rate_limited");
        assert_eq!(answer.header("retry-after"), "1");
    }
}
