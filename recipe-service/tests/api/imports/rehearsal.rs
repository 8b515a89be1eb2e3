use serde_json::json;
use testkit::{TestStack, both};

use super::{ADDRESS, imported, lines, page, stew};
use crate::shelf::Shelf;

#[both]
async fn a_rehearsal_says_what_would_come_of_it_and_writes_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let html = page(ADDRESS, &stew("국"));
    let before = Shelf::of(&stack).contents().await;

    let answer = stack.import_recipe(&session, "?dry_run=true", "text/html", html.clone()).await;

    let body = imported(&answer, 200);
    assert_eq!((&body["outcome"], &body["recipe"]["title"]), (&json!("created"), &json!("국")));
    assert_eq!(lines(&body["recipe"]), ["두부 200g", "소금 약간"]);
    assert!(body["recipe"].get("id").is_none());
    assert_eq!(Shelf::of(&stack).contents().await, before, "not even a household");

    let kept = imported(&stack.import_recipe(&session, "?dry_run=false", "text/html", html).await, 201);
    assert_eq!(kept["report"], body["report"], "the report of a rehearsal is that of the import");
}

#[both]
async fn a_rehearsal_finds_duplicates_too(stack: TestStack) {
    let session = stack.logged_in().await;
    let import = async |query: &str, title: &str| {
        stack.import_recipe(&session, query, "text/html", page(ADDRESS, &stew(title))).await
    };
    imported(&import("", "국").await, 201);
    let before = Shelf::of(&stack).contents().await;

    import("?dry_run=true", "국").await.assert_problem(409, "duplicate_source");
    for (wish, title, outcome, shown) in [
        ("skip", "찌개", "skipped", "국"),
        ("copy", "찌개", "created", "찌개"),
        ("update", "찌개", "updated", "찌개"),
        ("update", "국", "unchanged", "국"),
    ] {
        let body = imported(&import(&format!("?dry_run=true&on_duplicate={wish}"), title).await, 200);
        assert_eq!((&body["outcome"], &body["recipe"]["title"]), (&json!(outcome), &json!(shown)), "{wish}");
    }
    assert_eq!(Shelf::of(&stack).contents().await, before);
}
