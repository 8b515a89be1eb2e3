//! Dashboard and alerts name only what the services tell; the runbook says of each alert what to do.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::stack::Options;
use testkit::{both, eventually};

use crate::file;

/// What Prometheus itself makes.
const OF_PROMETHEUS: [&str; 2] = ["up", "ALERTS"];

/// The names of metrics in an expression of PromQL: words that are neither functions, nor clauses, nor labels.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = without_labels(expression);
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let word: String =
            rest[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_:".contains(*c)).collect();
        let after = rest[start + word.len()..].trim_start().to_owned();
        let is_function = after.starts_with('(') || ["by", "without"].contains(&word.as_str());
        let follows_a_number = rest[..start].ends_with(|c: char| c.is_ascii_digit() || c == '.');
        if !is_function && !follows_a_number {
            names.insert(word);
        }
        rest = after;
    }
    names
}

/// Without what stands in braces, brackets and quotes, and without the lists of labels after `by`.
fn without_labels(expression: &str) -> String {
    let mut text = expression.to_owned();
    for (open, close) in [('{', '}'), ('[', ']')] {
        while let (Some(from), Some(to)) = (text.find(open), text.find(close)) {
            text.replace_range(from..=to, " ");
        }
    }
    while let Some(from) = text.find(" by (") {
        let to = from + text[from..].find(')').expect("a list of labels has no end");
        text.replace_range(from..=to, " ");
    }
    text
}

/// `histogram_bucket` and its kin belong to one histogram.
fn exists(metric: &str, told: &str) -> bool {
    let is_told = |name: &str| {
        told.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])))
    };
    is_told(metric) || OF_PROMETHEUS.contains(&metric)
}

fn rules() -> Vec<(String, String)> {
    let text = file("deploy/prometheus/alerts.yml");
    let value = |line: &str, name: &str| line.trim().strip_prefix(name).map(|value| value.trim().to_owned());
    let (mut rules, mut name) = (Vec::new(), None);
    for line in text.lines() {
        name = value(line, "- alert:").or(name);
        if let (Some(expression), Some(name)) = (value(line, "expr:"), name.clone()) {
            rules.push((name, expression));
        }
    }
    assert!(rules.len() > 10, "the rules could not be read");
    rules
}

fn panels() -> Vec<(String, String)> {
    let board: Value = serde_json::from_str(&file("deploy/grafana/dashboards/jipbap.json")).unwrap();
    let panels = board["panels"].as_array().unwrap().iter().flat_map(|panel| {
        let targets = panel["targets"].as_array().unwrap().iter();
        targets.map(|target| (text(&panel["title"]), text(&target["expr"]))).collect::<Vec<_>>()
    });
    panels.collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("no text").to_owned()
}

#[both]
async fn every_metric_of_rules_and_dashboard_is_told(options: Options) {
    let stack = options.set("AUTH_RATE_LIMITS", "on").start().await;
    let session = stack.logged_in().await;
    stack.create_recipe(&session, json!({ "title": "국" })).await.assert_ok();
    let all: Vec<_> = rules().into_iter().chain(panels()).collect();
    let missing = eventually("every metric is told", async || {
        let told =
            [stack.auth_ops.get("/metrics").send().await, stack.recipes_ops.get("/metrics").send().await];
        let told = told.map(|answer| answer.text()).join("\n");
        let names = all.iter().flat_map(|(title, expression)| {
            metrics_in(expression).into_iter().map(move |metric| (title.clone(), metric))
        });
        let missing: Vec<_> = names.filter(|(_, metric)| !exists(metric, &told)).collect();
        // Some are told once a second only.
        (missing.is_empty()).then_some(missing)
    });
    assert!(missing.await.is_empty());
}

/// Who reads a metric finds what it means.
#[both]
async fn every_metric_is_documented(options: Options) {
    let stack = options.set("AUTH_RATE_LIMITS", "on").start().await;
    let session = stack.logged_in().await;
    stack.list_recipes(&session, "").await.assert_ok();
    let page = file("docs/monitoring.md");
    let told = [stack.auth_ops.get("/metrics").send().await, stack.recipes_ops.get("/metrics").send().await];
    let told = told.map(|answer| answer.text()).join("\n");
    let names = told.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let unknown: BTreeSet<_> = names.filter(|name| !page.contains(&format!("| `{name}` |"))).collect();
    assert_eq!(unknown, BTreeSet::new());
}

#[test]
fn metrics_are_found_in_expressions() {
    let found = |expression: &str| metrics_in(expression).into_iter().collect::<Vec<_>>();
    assert_eq!(found("max by (instance) (jwks_age_seconds) > 20 * 3600"), ["jwks_age_seconds"]);
    assert_eq!(
        found(r#"sum by (a, b) (rate(problems_total{code=~"busy|x"}[1m])) > 3e6"#),
        ["problems_total"]
    );
}

/// An operator who is woken finds a page about it.
#[test]
fn every_alert_is_in_the_runbook() {
    let runbook = file("docs/runbook.md");
    for (alert, _) in rules() {
        assert!(runbook.contains(&format!("### {alert}\n")), "the runbook says nothing of {alert}");
    }
    let entries = runbook.lines().filter_map(|line| line.strip_prefix("### "));
    let known: Vec<_> = rules().into_iter().map(|(alert, _)| alert).collect();
    for entry in entries {
        assert!(known.iter().any(|alert| alert == entry), "{entry} is no alert");
    }
}

/// A label with an id of somebody would be a series for each, for ever.
#[both]
async fn no_metric_names_a_person_a_session_or_a_recipe(options: Options) {
    let stack = options.start().await;
    let session = stack.logged_in().await;
    let recipe = stack.create_recipe(&session, json!({ "title": "국" })).await.assert_ok().json();
    let id = recipe["id"].as_str().unwrap();
    stack.recipe(&session, id).await.assert_ok();
    stack.end_session(&session, &session.session_id).await.assert_ok();
    let told = [stack.auth_ops.get("/metrics").send().await, stack.recipes_ops.get("/metrics").send().await];
    for answer in told {
        let told = answer.text();
        assert!(told.contains("route=\"/v1/") && told.contains("problems_total{"), "{told}");
        for secret in [id, &session.user_id, &session.session_id, &session.email] {
            assert!(!told.contains(secret), "{secret}");
        }
    }
}

/// A refusal is counted under the code that the client saw.
#[both]
async fn a_problem_is_counted_by_its_code(options: Options) {
    let stack = options.start().await;
    let count = async || {
        let told = stack.auth_ops.get("/metrics").send().await.text();
        let line = told.lines().find(|line| {
            line.starts_with("problems_total{")
                && line.contains("auth-service")
                && line.contains("\"too_large\"")
        });
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).expect("it is not told")
    };
    // Other tests of this process count too: it grows at least by ours.
    let before = count().await;
    stack
        .login(json!({ "email": "a".repeat(70_000), "password": "a" }))
        .await
        .assert_problem(413, "too_large");
    assert!(count().await > before);
}

#[both]
async fn readiness_names_each_dependency_and_since_when(options: Options) {
    let redis_is_there = options.backend() == testkit::Backend::PostgresRedis;
    let stack = options.start().await;
    for (listener, own) in [(&stack.auth_ops, "keys"), (&stack.recipes_ops, "revocations")] {
        let ready = listener.get("/readyz").send().await.assert_ok().json();
        let checks = ready["checks"].as_array().unwrap();
        let names: Vec<_> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
        let database = if redis_is_there { "postgres" } else { "sqlite" };
        assert!(names.contains(&own) && names.contains(&database), "{names:?}");
        for check in checks {
            assert_eq!(check["state"], "ready", "{check}");
            assert!(check["since"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{check}");
        }
    }
    let told = stack.auth_ops.get("/metrics").send().await.text();
    assert!(told.contains("dependency_ready{service=\"auth-service\",dependency=\"keys\"} 1"), "{told}");
}
