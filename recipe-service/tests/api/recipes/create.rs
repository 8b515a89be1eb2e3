use std::collections::HashSet;

use common::time::Instant;
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::{TestStack, both, everywhere};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

#[both]
async fn a_new_recipe_is_private_and_its_authors(stack: TestStack) {
    let session = stack.logged_in().await;

    let answer = stack.create_recipe(&session, titled("돼지고기 김치찌개")).await;

    answer.assert_status(201);
    let Written { id, etag, body } = Written::of(&answer);
    assert_eq!(answer.header("location"), format!("/v1/recipes/{id}"));
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is not strong");
    assert_eq!(body["owner"]["id"], session.user_id);
    assert_eq!(body["visibility"], "private");
    assert_eq!(body["version"], 1);
    assert_eq!(body["slug"], "돼지고기-김치찌개");
    assert_eq!(body["published_at"], Value::Null);
    assert_eq!(body["created_at"], body["updated_at"]);
}

#[both]
async fn a_recipe_has_an_id_and_a_time_that_the_service_made(stack: TestStack) {
    let session = stack.logged_in().await;
    let before = stack.clock.now();

    let recipe = Written::by(&stack, &session, titled("국")).await;

    let id: common::ids::Uuid = recipe.id.parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
    let created: Instant = recipe.body["created_at"].as_str().unwrap().parse().unwrap();
    assert!(before <= created && created <= stack.clock.now());
}

#[both]
async fn what_was_created_is_found_where_the_answer_says(stack: TestStack) {
    let session = stack.logged_in().await;
    let answer = stack.create_recipe(&session, titled("국")).await;

    let read = stack.recipes.get(answer.header("location")).bearer(&session).send().await;

    let (mut read, created) = (Written::of(&read).body, Written::of(&answer).body);
    // The feed may have brought the owner's name meanwhile.
    read["owner"]["name"] = created["owner"]["name"].clone();
    assert_eq!(read, created);
}

#[both]
async fn a_recipe_may_be_public_from_the_start(stack: TestStack) {
    let session = stack.logged_in().await;

    let recipe = Written::by(&stack, &session, json!({ "title": "국", "visibility": "public" })).await;

    assert_eq!(recipe.body["published_at"], recipe.body["created_at"]);
    stack.recipe(Anonymous, &recipe.id).await.assert_status(200);
}

/// T184: what the service sets cannot be set; nobody is made the owner of what they did not write.
#[both]
async fn an_author_cannot_write_in_anothers_name(stack: TestStack) {
    let (author, other) = (stack.logged_in().await, stack.logged_in().await);
    let claimed = json!({
        "title": "국", "id": "0192f0c1-2d3e-7abc-8def-0123456789ab", "version": 99, "slug": "other",
        "owner": { "id": other.user_id, "name": "other" }, "cover": { "x": 1 }, "rating": 5,
        "created_at": "2000-01-01T00:00:00Z", "updated_at": [], "published_at": true,
    });

    let recipe = Written::by(&stack, &author, claimed).await;

    assert_ne!(recipe.id, "0192f0c1-2d3e-7abc-8def-0123456789ab");
    assert_eq!(recipe.body["owner"]["id"], author.user_id);
    assert_eq!((&recipe.body["version"], &recipe.body["slug"]), (&json!(1), &json!("국")));
    assert_eq!((&recipe.body["cover"], &recipe.body["rating"]), (&Value::Null, &Value::Null));
    assert!(recipe.body["created_at"].as_str().unwrap() > "2026");
    stack.recipe(&other, &recipe.id).await.assert_problem(404, "not_found");
    for name in ["owner_id", "author", "user_id", "household_id", "sub", "deleted_at", "owner_sub"] {
        let refused = stack.create_recipe(&author, json!({ "title": "국", name: other.user_id })).await;
        let problem = refused.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{name}"));
    }
}

#[both]
async fn two_recipes_may_have_one_title(stack: TestStack) {
    let session = stack.logged_in().await;

    let first = Written::by(&stack, &session, titled("국")).await;
    let second = Written::by(&stack, &session, titled("국")).await;

    assert_ne!(first.id, second.id);
    assert_eq!(first.body["slug"], second.body["slug"]);
}

#[everywhere]
async fn first_recipes_written_at_once_found_one_household(stack: TestStack) {
    let session = stack.logged_in().await;

    let all = (0..20).map(|number| {
        let copy = stack.recipes(number % stack.copies());
        copy.create_recipe(&session, titled(&format!("국 {number}")))
    });
    let answers = join_all(all).await;

    let ids: HashSet<String> = answers.iter().map(|answer| Written::of(answer).id).collect();
    assert_eq!(ids.len(), 20);
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.revisions), (20, 20));
    assert_eq!((contents.households, contents.members), (1, 1));
}
