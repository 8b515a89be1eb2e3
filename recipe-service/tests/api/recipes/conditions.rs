use serde_json::{Value, json};
use testkit::client::Session;
use testkit::{Answer, TestStack, both};

use super::titled;
use crate::written::Written;

/// Every call that needs to know which version it starts from.
const METHODS: [&str; 3] = ["PUT", "PATCH", "DELETE"];

/// Calls a method on a recipe, with these lines of `If-Match`.
async fn change(
    stack: &TestStack,
    session: &Session,
    recipe: &Written,
    method: &str,
    lines: &[&str],
) -> Answer {
    let request = stack.recipes.request(method.parse().unwrap(), &recipe.path()).bearer(session);
    let request = lines.iter().fold(request, |request, line| request.header("if-match", line));
    request.json(&titled("찌개")).send().await
}

#[both]
async fn a_change_that_names_no_version_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;

    for method in METHODS {
        let answer = change(&stack, &session, &recipe, method, &[]).await;
        answer.assert_problem(428, "precondition_required");
    }

    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

#[both]
async fn a_change_to_an_older_version_is_told_what_has_changed(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = json!({ "title": "국", "description": "a", "tags": ["x"], "extras": { "k": 1 } });
    let known = Written::by(&stack, &session, given).await;
    let changed = json!({ "title": "국", "description": "b", "tags": ["x"], "visibility": "unlisted", "times": { "prep": 1 } });
    let newer = stack.replace_recipe(&session, &known.id, &known.etag, changed).await;
    newer.assert_status(200);

    for method in METHODS {
        let answer = change(&stack, &session, &known, method, &[&known.etag]).await;
        let problem = answer.assert_problem(412, "stale_version");
        let errors = problem["errors"].as_array().unwrap();
        let pointers: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/description", "/extras", "/times", "/visibility"], "{method}");
        assert!(errors.iter().all(|error| error["code"] == "changed"));
    }

    assert_eq!(known.again(&stack, &session).await.body["version"], 2);
}

#[both]
async fn a_change_to_a_version_that_never_was_is_stale(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let weak = format!("W/{}", recipe.etag);
    for tags in [
        weak.as_str(),
        "\"\"",
        "\"0-json-0\"",
        "\"2-json-0\"",
        "\"99999999999999999999-json-0\"",
        "\"-1-json-0\"",
        "\"1\"",
        "\"json-1\"",
        "\"x\", \"y\"",
        "\"9223372036854775807-json-0\"",
        "\"1 -json-0\"",
    ] {
        for method in METHODS {
            // A blank is no character of a tag, which is then no tag at all.
            let (status, code) = if tags.contains(' ') && !tags.contains(',') {
                (400, "invalid_parameter")
            } else {
                (412, "stale_version")
            };
            let answer = change(&stack, &session, &recipe, method, &[tags]).await;
            let problem = answer.assert_problem(status, code);
            assert_eq!(problem.get("errors"), None, "{tags}");
        }
    }
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

#[both]
async fn one_of_several_tags_is_enough(stack: TestStack) {
    let session = stack.logged_in().await;
    for lines in [vec!["\"x\", TAG"], vec!["TAG,\"x\""], vec!["\"x\"", "TAG"], vec!["W/\"x\" , TAG"]] {
        for method in METHODS {
            let recipe = Written::by(&stack, &session, titled("국")).await;
            let lines: Vec<String> = lines.iter().map(|line| line.replace("TAG", &recipe.etag)).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            change(&stack, &session, &recipe, method, &lines).await.assert_ok();
        }
    }
}

#[both]
async fn a_star_accepts_whatever_is_newest(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    for (method, version) in [("PUT", 2), ("PATCH", 3), ("PUT", 4)] {
        let answer = change(&stack, &session, &recipe, method, &["*"]).await;
        assert_eq!(Written::of(&answer).body["version"], version);
    }
    change(&stack, &session, &recipe, "DELETE", &["*"]).await.assert_status(204);
}

/// Nothing that the author did not write makes their next write fail.
#[both]
async fn the_owners_name_makes_no_version_stale(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let named = crate::people::named(&stack, &session, &recipe).await;
    stack.change_me(&session, json!({ "name": "김순자" })).await.assert_ok();
    let renamed = crate::people::named_so(&stack, &session, &recipe, "김순자").await;

    // The answers differ, so that their tags do.
    assert_ne!(named.etag, renamed.etag);
    assert_eq!(named.body["version"], renamed.body["version"]);
    let answer = change(&stack, &session, &recipe, "PUT", &[&recipe.etag]).await;
    answer.assert_status(200);
    assert_eq!(answer.json()["owner"]["name"], "김순자");
}

#[both]
async fn a_tag_changes_with_every_version_and_with_nothing_else(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let recipe = crate::people::named(&stack, &session, &recipe).await;
    let mut tags = vec![recipe.etag.clone()];
    for _ in 0..3 {
        let put = stack.replace_recipe(&session, &recipe.id, tags.last().unwrap(), titled("국")).await;
        tags.push(Written::of(&put).etag);
        assert_eq!(recipe.again(&stack, &session).await.etag, *tags.last().unwrap());
    }
    let distinct: std::collections::HashSet<&String> = tags.iter().collect();
    assert_eq!(distinct.len(), 4);
    let versions: Value = recipe.again(&stack, &session).await.body["version"].clone();
    assert_eq!(versions, 4);
}
