use serde_json::json;
use testkit::client::Anonymous;
use testkit::{Answer, TestStack, both};

use super::Counter;

#[track_caller]
fn assert_names(answer: &Answer, code: &str, name: &str) {
    let problem = answer.assert_problem(400, code);
    assert!(problem["detail"].as_str().unwrap().contains(&format!("{name:?}")), "{answer}");
}

/// T188: sort keys and filters are a list, and nothing of them reaches a statement.
#[both]
async fn an_unknown_parameter_is_named(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for name in [
        "x",
        "Limit",
        "limit[]",
        "tags",
        "offset",
        "user_id",
        "deleted_at",
        "q%27",
        "%EC%B0%8C",
        "_method",
        "access_token",
        "r.owner_sub",
    ] {
        let said = name.replace("%27", "'").replace("%EC%B0%8C", "찌");
        let query = format!("?{name}=1");
        assert_names(&stack.list_recipes(&counter.session, &query).await, "unknown_parameter", &said);
        assert_names(&stack.list_recipes(Anonymous, &query).await, "unknown_parameter", &said);
        for call in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let path = if call == "POST" { "/v1/recipes".to_owned() } else { counter.recipe.path() };
            let call = stack.recipes.request(call.parse().unwrap(), &format!("{path}{query}"));
            let call =
                call.bearer(&counter.session).header("if-match", "*").json(&json!({ "title": "찌개" }));
            assert_names(&call.send().await, "unknown_parameter", &said);
        }
        for call in ["PUT", "DELETE"] {
            let path = format!("{}/publish{query}", counter.recipe.path());
            let call = stack.recipes.request(call.parse().unwrap(), &path).bearer(&counter.session);
            assert_names(&call.send().await, "unknown_parameter", &said);
        }
    }
    counter.assert_nothing_kept().await;
}

/// T187, T188
#[both]
async fn a_parameter_that_cannot_be_used_is_named(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let most = "&tag=x".repeat(21);
    for query in [
        "limit=-1",
        "limit=0",
        "limit=101",
        "limit=1000000000",
        "limit=4294967297",
        "limit=NaN",
        "limit=1.0",
        "limit=1e1",
        "limit=",
        "limit=%201",
        "limit=1%00",
        "limit=1&limit=2",
        "limit=0x10",
        "limit=１",
        "sort=",
        "sort=id",
        "sort=deleted_at",
        "sort=title%3B",
        "sort=--title",
        "sort=title,updated",
        "sort=Title",
        "sort=-",
        "sort=%27",
        "sort=title&sort=title",
        "sort=title%20DESC",
        "sort=(SELECT%201)",
        "visibility=",
        "visibility=all",
        "visibility=Public",
        "visibility=public&visibility=private",
        "visibility=null",
        "owner=%00",
        "owner=a&owner=b",
        "owner=%ff",
        "owner=%",
        "owner=%zz",
        &most[1..],
        "tag=%00",
        "tag=a&tag=%c3%28",
        "tag=%ed%a0%80",
        "language=",
        "language=k",
        "language=ko_KR",
        "language=%25",
        "language=ko-%25",
        "language=ko&language=en",
        "updated_since=",
        "updated_since=yesterday",
        "updated_since=2026-13-01T00:00:00Z",
        "updated_since=2026-01-01",
        "updated_since=1700000000",
        "updated_since=2026-01-01T00:00:00",
        "updated_since=99999-01-01T00:00:00Z",
        "updated_since=2026-01-01T00:00:00Z&updated_since=2026-01-01T00:00:00Z",
        "cursor=a&cursor=b",
        "cursor=%00",
    ] {
        let name = query.split('=').next().unwrap();
        assert_names(
            &stack.list_recipes(&counter.session, &format!("?{query}")).await,
            "invalid_parameter",
            name,
        );
        assert_names(&stack.list_recipes(Anonymous, &format!("?{query}")).await, "invalid_parameter", name);
    }
}

#[both]
async fn every_parameter_at_its_edge_is_used(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let most = "tag=%EC%B0%8C%EA%B0%9C&".repeat(20);
    for query in [
        "",
        "limit=1",
        "limit=100",
        &most[..most.len() - 1],
        "&",
        "limit=1&",
        "sort=-created",
        "tag=+",
        "owner=+",
        "updated_since=2026-01-01t00:00:00z",
        "updated_since=2026-01-01T00:00:00.123456789-23:59",
    ] {
        stack.list_recipes(&counter.session, &format!("?{query}")).await.assert_status(200);
    }
}
