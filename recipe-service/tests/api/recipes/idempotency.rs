use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Anonymous;
use testkit::{TestStack, both, everywhere};

use super::{of_visibility, titled};
use crate::shelf::Shelf;
use crate::written::Written;

/// T192: a call that is repeated is answered as the first was, also at another copy.
#[everywhere]
async fn a_repeated_call_makes_one_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = stack.create_recipe_once(&session, "key-1", of_visibility("국", "public")).await;
    first.assert_status(201);
    let made = Written::of(&first);
    let named = crate::people::named(&stack, &session, &made).await;
    stack.replace_recipe(&session, &made.id, &made.etag, titled("찌개")).await.assert_status(200);

    let last = stack.recipes(stack.copies() - 1);
    let again = last.create_recipe_once(&session, "key-1", of_visibility("국", "public")).await;

    again.assert_status(201);
    assert_eq!(again.header("location"), first.header("location"));
    // As it was made, whatever became of it since.
    assert_eq!((again.json(), again.header("etag")), (named.body, named.etag.as_str()));
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 1);
    // Once it is in the trash, too: a retry raises nothing.
    stack.delete_recipe(&session, &made.id, "*").await.assert_status(204);
    last.create_recipe_once(&session, "key-1", of_visibility("국", "public")).await.assert_status(201);
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 1);
    stack.recipe(&session, &made.id).await.assert_problem(404, "not_found");
}

/// T192
#[both]
async fn a_key_is_not_good_for_another_body(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.create_recipe_once(&session, "k", titled("국")).await.assert_status(201);

    let other = stack.create_recipe_once(&session, "k", titled("찌개")).await;

    other.assert_problem(422, "idempotency_key_reused");
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 1);
    stack.create_recipe_once(&session, "l", titled("찌개")).await.assert_status(201);
}

/// T183, T192: a key is its maker's own: nobody is answered what another made with it.
#[both]
async fn two_people_may_make_up_the_same_key(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let own = Written::of(&stack.create_recipe_once(&session, "k", titled("국")).await);

    let others = stack.create_recipe_once(&other, "k", titled("국")).await;

    others.assert_status(201);
    assert_ne!(Written::of(&others).id, own.id);
    assert_eq!(others.json()["owner"]["id"], other.user_id);
    stack.create_recipe_once(Anonymous, "k", titled("국")).await.assert_problem(401, "missing_token");
}

/// T192
#[everywhere]
async fn many_calls_with_one_key_at_once_make_one_recipe(stack: TestStack) {
    let session = stack.logged_in().await;

    let all = (0..20)
        .map(|number| stack.recipes(number % stack.copies()).create_recipe_once(&session, "k", titled("국")));
    let made: Vec<String> = join_all(all)
        .await
        .iter()
        .map(|answer| {
            answer.assert_status(201);
            Written::of(answer).id
        })
        .collect();

    assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.revisions), (1, 1));
}

#[both]
async fn what_was_refused_may_be_tried_again_with_its_key(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.create_recipe_once(&session, "k", titled("")).await.assert_problem(422, "validation_failed");

    stack.create_recipe_once(&session, "k", titled("국")).await.assert_status(201);
}

#[both]
async fn a_key_is_forgotten_after_a_day(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = Written::of(&stack.create_recipe_once(&session, "k", titled("국")).await);
    stack.clock.advance(Duration::from_secs(24 * 60 * 60 + 1)).await;
    let session = stack.logged_in_again(&session.person()).await;

    let later = stack.create_recipe_once(&session, "k", titled("찌개")).await;

    later.assert_status(201);
    assert_ne!(Written::of(&later).id, first.id);
    // And it is the new call's from now on.
    let again = stack.create_recipe_once(&session, "k", titled("찌개")).await;
    assert_eq!(Written::of(&again).id, Written::of(&later).id);
}

#[both]
async fn a_key_is_a_word(stack: TestStack) {
    let session = stack.logged_in().await;
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    for key in ["", " ", "a b", "김치", &too_long] {
        let answer = stack.create_recipe_once(&session, key, titled("국")).await;
        answer.assert_problem(400, "invalid_parameter");
    }
    let call =
        stack.recipes.post("/v1/recipes").header("idempotency-key", "a").header("idempotency-key", "b");
    let twice = call.bearer(&session).json(&json!({ "title": "국" })).send().await;
    twice.assert_problem(400, "invalid_parameter");
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 0);
    stack.create_recipe_once(&session, &longest, titled("국")).await.assert_status(201);
}
