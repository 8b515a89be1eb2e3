use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{TestStack, both, everywhere};

use super::{ADDRESS, imported, lines, page, stew};
use crate::shelf::Shelf;

#[both]
async fn a_page_that_was_imported_before_is_a_conflict_that_names_the_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let first =
        imported(&stack.import_recipe(&session, "", "text/html", page(ADDRESS, &stew("국"))).await, 201);
    let before = Shelf::of(&stack).contents().await;

    for address in [ADDRESS, "http://www.example.org/stew/?utm_source=mail#top"] {
        let again = stack.import_recipe(&session, "", "text/html", page(address, &stew("찌개"))).await;
        let problem = again.assert_problem(409, "duplicate_source");
        assert_eq!(problem["id"], first["recipe"]["id"]);
    }
    let text = "국\n재료\n물 1컵\n만드는 법\n1. 끓인다";
    let again =
        stack.import_recipe(&session, "?source_url=https://example.org/stew", "text/plain", text).await;
    again.assert_problem(409, "duplicate_source");

    assert_eq!(Shelf::of(&stack).contents().await, before);
    let other = page("https://example.org/stew?page=2", &stew("국"));
    imported(&stack.import_recipe(&session, "", "text/html", other).await, 201);
}

/// What others imported is none of one's business, public or not.
#[both]
async fn two_people_may_import_one_page(stack: TestStack) {
    let (one, other) = (stack.logged_in().await, stack.logged_in().await);
    let first = imported(&stack.import_recipe(&one, "", "text/html", page(ADDRESS, &stew("국"))).await, 201);
    let id = first["recipe"]["id"].as_str().unwrap();
    stack.publish_recipe(&one, id).await.assert_status(204);

    let second = stack.import_recipe(&other, "", "text/html", page(ADDRESS, &stew("국"))).await;

    let second = imported(&second, 201);
    assert_ne!(second["recipe"]["id"], first["recipe"]["id"]);
    assert_eq!(second["recipe"]["owner"]["id"], other.user_id);
}

#[both]
async fn a_recipe_that_was_written_or_thrown_away_counts_as_it_is(stack: TestStack) {
    let session = stack.logged_in().await;
    let written = json!({ "title": "국", "source": { "url": "https://www.example.org/stew/" } });
    let written = crate::written::Written::by(&stack, &session, written).await;

    let again = stack.import_recipe(&session, "", "text/html", page(ADDRESS, &stew("국"))).await;
    assert_eq!(again.assert_problem(409, "duplicate_source")["id"], written.id);

    stack.delete_recipe(&session, &written.id, &written.etag).await.assert_status(204);
    imported(&stack.import_recipe(&session, "", "text/html", page(ADDRESS, &stew("국"))).await, 201);
}

#[both]
async fn a_duplicate_is_skipped_or_copied_where_that_is_asked_for(stack: TestStack) {
    let session = stack.logged_in().await;
    let import = async |query: &str, title: &str| {
        stack.import_recipe(&session, query, "text/html", page(ADDRESS, &stew(title))).await
    };
    let first = imported(&import("", "국").await, 201);
    let before = Shelf::of(&stack).contents().await;

    let skipped = import("?on_duplicate=skip", "찌개").await;
    let body = imported(&skipped, 200);
    assert_eq!((&body["outcome"], &body["recipe"]["title"]), (&json!("skipped"), &json!("국")));
    assert_eq!(body["recipe"]["id"], first["recipe"]["id"]);
    assert_eq!(
        skipped.header("location"),
        format!("/v1/recipes/{}", first["recipe"]["id"].as_str().unwrap())
    );
    assert_eq!(Shelf::of(&stack).contents().await, before);

    let copied = imported(&import("?on_duplicate=copy", "찌개").await, 201);
    assert_ne!(copied["recipe"]["id"], first["recipe"]["id"]);
    import("?on_duplicate=often", "국").await.assert_problem(400, "invalid_parameter");
}

#[both]
async fn the_same_page_once_more_changes_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let import = async |query: &str| {
        stack.import_recipe(&session, query, "text/html", page(ADDRESS, &stew("국"))).await
    };
    let first = imported(&import("").await, 201);
    let before = Shelf::of(&stack).contents().await;

    for _ in 0..2 {
        let again = imported(&import("?on_duplicate=update").await, 200);
        assert_eq!(again["outcome"], "unchanged");
        assert_eq!(again["recipe"]["ingredient_groups"], first["recipe"]["ingredient_groups"], "ids and all");
        assert_eq!(again["recipe"]["version"], 1);
    }
    assert_eq!(Shelf::of(&stack).contents().await, before);
}

/// What the page says now is taken over; what it says nothing of, and what its owner made of its lines, stays.
#[both]
async fn an_update_keeps_what_the_page_does_not_know(stack: TestStack) {
    let session = stack.logged_in().await;
    let first =
        imported(&stack.import_recipe(&session, "", "text/html", page(ADDRESS, &stew("국"))).await, 201);
    let id = first["recipe"]["id"].as_str().unwrap();
    let mut groups = first["recipe"]["ingredient_groups"].clone();
    groups[0]["items"][0]["note"] = json!("단단한 것");
    let change = json!({ "tags": ["저녁"], "extras": { "mine": 1 }, "ingredient_groups": groups });
    stack.change_recipe(&session, id, "*", change).await.assert_status(200);
    stack.publish_recipe(&session, id).await.assert_status(204);

    let mut newer = stew("두부국");
    newer["recipeIngredient"] = json!(["두부 200g", "대파 1대"]);
    newer["totalTime"] = Value::Null;
    let updated =
        stack.import_recipe(&session, "?on_duplicate=update", "text/html", page(ADDRESS, &newer)).await;

    let body = imported(&updated, 200);
    let recipe = &body["recipe"];
    assert_eq!((&body["outcome"], &recipe["id"]), (&json!("updated"), &first["recipe"]["id"]));
    assert_eq!((&recipe["title"], &recipe["visibility"]), (&json!("두부국"), &json!("public")));
    assert_eq!((&recipe["tags"], &recipe["extras"]["mine"]), (&json!(["저녁"]), &json!(1)));
    assert_eq!(recipe["times"]["total"], 1_800);
    assert_eq!(lines(recipe), ["두부 200g", "대파 1대"]);
    assert_eq!(recipe["ingredient_groups"][0]["items"][0], groups[0]["items"][0], "the line that stayed");
    assert_eq!(recipe["step_groups"], first["recipe"]["step_groups"]);
}

/// Of imports of one page at the same time one makes a recipe, on however many copies.
#[everywhere]
async fn imports_of_one_page_at_once_make_one_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let html = page(ADDRESS, &stew("국"));

    let all = (0..8).map(|number| {
        let copy = stack.recipes(number % stack.copies());
        let (session, html) = (&session, html.clone());
        async move { copy.import_recipe(session, "", "text/html", html).await }
    });
    let answers = join_all(all).await;

    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.assert_problem(409, "duplicate_source");
    }
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 1);
}
