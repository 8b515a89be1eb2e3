use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled};
use crate::written::Written;

async fn readers(stack: &TestStack, count: usize) -> Vec<Session> {
    let mut readers = Vec::new();
    for _ in 0..count {
        readers.push(stack.logged_in().await);
    }
    readers
}

#[everywhere]
async fn everyone_keeps_their_own_about_a_recipe(stack: TestStack) {
    let (author, reader) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, of_visibility("국", "public")).await;
    let nothing = json!({ "rating": null, "favourite": false, "note": null });
    assert_eq!(stack.personal(&reader, &recipe.id).await.json(), nothing);

    let kept = json!({ "rating": 4, "favourite": true, "note": "소금은 반만" });
    let answer = stack.keep_personal(&reader, &recipe.id, kept.clone()).await;

    assert_eq!(answer.assert_status(200).json(), kept);
    let last = stack.recipes(stack.copies() - 1);
    let again = last.personal(&reader, &recipe.id).await;
    assert_eq!(again.json(), kept);
    assert_eq!(again.header("cache-control"), "private, no-cache");
    assert_eq!(last.personal(&author, &recipe.id).await.json(), nothing);
    // A PUT puts the whole: what it does not say is not kept.
    stack.keep_personal(&reader, &recipe.id, json!({ "favourite": true })).await.assert_status(200);
    let now = json!({ "rating": null, "favourite": true, "note": null });
    assert_eq!(last.personal(&reader, &recipe.id).await.json(), now);
    stack.forget_personal(&reader, &recipe.id).await.assert_status(204);
    stack.forget_personal(&reader, &recipe.id).await.assert_status(204);
    assert_eq!(last.personal(&reader, &recipe.id).await.json(), nothing);
}

#[everywhere]
async fn the_ratings_of_all_are_the_recipes(stack: TestStack) {
    let readers = readers(&stack, 4).await;
    let recipe = Written::by(&stack, &readers[0], of_visibility("국", "public")).await;
    assert_eq!(recipe.body["rating"], Value::Null);

    // All at once, and each first otherwise.
    let rate = |number: usize, rating: i64| {
        let client = stack.recipes(number % stack.copies());
        client.keep_personal(&readers[number], &recipe.id, json!({ "rating": rating }))
    };
    for ratings in [[1, 1, 1, 1], [5, 4, 4, 1]] {
        let all = ratings.into_iter().enumerate().map(|(number, rating)| rate(number, rating));
        for answer in join_all(all).await {
            answer.assert_status(200);
        }
    }

    let rating = async || recipe.again(&stack, &readers[0]).await.body["rating"].clone();
    assert_eq!(rating().await, json!({ "average": 3.5, "count": 4 }));
    stack.forget_personal(&readers[3], &recipe.id).await.assert_status(204);
    assert_eq!(rating().await, json!({ "average": 4.33, "count": 3 }));
    for reader in &readers {
        stack.keep_personal(reader, &recipe.id, json!({ "note": "다음에" })).await.assert_status(200);
    }
    assert_eq!(rating().await, Value::Null);
}

/// Nothing that the author did not write makes their next write fail.
#[both]
async fn a_rating_makes_no_version_stale(stack: TestStack) {
    let (author, reader) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, of_visibility("국", "public")).await;
    stack.keep_personal(&reader, &recipe.id, json!({ "rating": 5 })).await.assert_status(200);

    let rated = recipe.again(&stack, &author).await;
    assert_ne!(rated.etag, recipe.etag, "who has the old answer is not told of the rating");
    assert_eq!(rated.body["version"], 1);
    stack.replace_recipe(&author, &recipe.id, &recipe.etag, titled("찌개")).await.assert_status(200);
}

/// T183: nobody rates what they may not see, nor learns by it whether it is there.
#[both]
async fn a_strangers_private_recipe_is_not_rated(stack: TestStack) {
    let (author, stranger) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, titled("국")).await;

    stack.keep_personal(&stranger, &recipe.id, json!({ "rating": 1 })).await.assert_problem(404, "not_found");
    stack.personal(&stranger, &recipe.id).await.assert_problem(404, "not_found");
    stack.forget_personal(&stranger, &recipe.id).await.assert_problem(404, "not_found");
    stack.personal(Anonymous, &recipe.id).await.assert_problem(401, "missing_token");

    assert_eq!(recipe.again(&stack, &author).await.body["rating"], Value::Null);
    stack.keep_personal(&author, &recipe.id, json!({ "rating": 5 })).await.assert_status(200);
    assert_eq!(recipe.again(&stack, &author).await.body["rating"]["count"], 1);
}

#[both]
async fn a_rating_beyond_its_scale_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    for (body, pointer, code) in [
        (json!({ "rating": 0 }), "/rating", "out_of_range"),
        (json!({ "rating": 6 }), "/rating", "out_of_range"),
        (json!({ "rating": 65537 }), "/rating", "out_of_range"),
        (json!({ "rating": 4.5 }), "/rating", "wrong_type"),
        (json!({ "rating": 4, "sub": "x" }), "/sub", "unknown_member"),
        (json!({ "note": "가".repeat(4_001) }), "/note", "too_long"),
        (json!({ "note": "a\u{0}" }), "/note", "nul"),
    ] {
        let answer = stack.keep_personal(&session, &recipe.id, body).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    let longest = json!({ "note": "가".repeat(4_000) });
    stack.keep_personal(&session, &recipe.id, longest).await.assert_status(200);
}
