use common::db::statement;
use common::ids::Uuid;
use diesel::sql_types::{BigInt, Text};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::{Anonymous, Client, Session};
use testkit::{TestStack, both, eventually, everywhere};

use super::named;
use crate::shelf::{self, Shelf};
use crate::written::Written;

statement! {
    struct Advance<'a> { tag: Text = &'a str } -> BigInt
    "UPDATE feeds SET head = head + 1, tag = $1 WHERE name = 'people' RETURNING head"
}

statement! {
    struct Say<'a> {
        seq: BigInt = i64, tag: Text = &'a str, kind: Text = &'a str, sub: Text = &'a str,
        name: Text = &'a str, recipes: Text = &'a str,
    }
    "INSERT INTO people_events (seq, tag, kind, sub, name, recipes) \
     VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''))"
}

/// Says something of a person on the issuer's feed of people, and there alone: their tokens are good as before, so that what
/// comes of it comes of this feed.
async fn say(stack: &TestStack, kind: &'static str, sub: &str, name: &'static str, recipes: &'static str) {
    let (db, sub) = (shelf::open(stack.auth_database_url()), sub.to_owned());
    let said = db.write(move |conn| {
        let tag = &Uuid::new_v4().simple().to_string()[..16];
        let seq = Advance { tag }.one(conn)?;
        Say { seq, tag, kind, sub: &sub, name, recipes }.execute(conn)
    });
    said.await.expect("the issuer's database does not answer");
}

statement! {
    struct Tombstones {} -> BigInt
    "SELECT count(*) FROM people WHERE deleted_at IS NOT NULL"
}

/// Waits until the service knows that somebody is gone.
async fn until_buried(stack: &TestStack) {
    let db = shelf::open(stack.recipes_database_url());
    eventually("there is a tombstone", async || {
        let found: i64 = db.read(|conn| Tombstones {}.one(conn)).await.expect("the database does not answer");
        (found > 0).then_some(())
    })
    .await;
}

async fn private_and_public(stack: &TestStack, session: &Session) -> (Written, Written) {
    let private = Written::by(stack, session, json!({ "title": "국", "tags": ["a"] })).await;
    let public = json!({ "title": "찌개", "tags": ["b"], "visibility": "public" });
    let public = Written::by(stack, session, public).await;
    let put = stack.replace_recipe(session, &public.id, &public.etag, public.body.clone()).await;
    (private, Written::of(&put))
}

#[everywhere]
async fn everything_of_a_deleted_person_is_gone(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let (private, public) = private_and_public(&stack, &session).await;
    let others = Written::by(&stack, &other, json!({ "title": "남의 국" })).await;

    say(&stack, "deleted", &session.user_id, "", "delete").await;
    until_buried(&stack).await;

    for recipe in [&private, &public] {
        stack.recipe(&session, &recipe.id).await.assert_problem(404, "not_found");
        stack.recipe(Anonymous, &recipe.id).await.assert_problem(404, "not_found");
    }
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.revisions, contents.tags, contents.members), (1, 1, 0, 1));
    others.again(&stack, &other).await;
}

#[everywhere]
async fn what_a_deleted_person_published_may_stay_without_their_name(stack: TestStack) {
    let session = stack.logged_in().await;
    let (private, public) = private_and_public(&stack, &session).await;
    named(&stack, &session, &public).await;

    say(&stack, "deleted", &session.user_id, "", "keep").await;
    until_buried(&stack).await;

    stack.recipe(&session, &private.id).await.assert_problem(404, "not_found");
    let kept = stack.recipe(Anonymous, &public.id).await.json();
    assert_eq!((&kept["title"], &kept["owner"]["name"]), (&json!("찌개"), &Value::Null));
    let contents = Shelf::of(&stack).contents().await;
    // No earlier version stays either: one of them may have been private.
    assert_eq!((contents.recipes, contents.revisions), (1, 0));
}

/// Whoever leaves need not wait for the recipes to be there: the feed keeps the word until they are.
#[both]
async fn people_who_left_while_the_service_was_down_are_gone_when_it_is_back(mut stack: TestStack) {
    let (leaving, keeping, staying) =
        (stack.logged_in().await, stack.logged_in().await, stack.logged_in().await);
    let (_, deleted) = private_and_public(&stack, &leaving).await;
    let (private, kept) = private_and_public(&stack, &keeping).await;
    named(&stack, &keeping, &kept).await;
    let others = Written::by(&stack, &staying, json!({ "title": "남의 국" })).await;

    stack.stop_recipes(0);
    stack.delete_me(&leaving, "").await.assert_status(204);
    stack.delete_me(&keeping, "?recipes=keep").await.assert_status(204);
    stack.start_recipes_again(0).await;

    let db = shelf::open(stack.recipes_database_url());
    eventually("there are two tombstones", async || {
        let found: i64 = db.read(|conn| Tombstones {}.one(conn)).await.expect("the database does not answer");
        (found == 2).then_some(())
    })
    .await;
    stack.recipe(Anonymous, &deleted.id).await.assert_problem(404, "not_found");
    let left = stack.recipe(Anonymous, &kept.id).await.json();
    assert_eq!((&left["title"], &left["owner"]["name"]), (&json!("찌개"), &Value::Null));
    // One is of who stays, the other what was published and stays without a name.
    let contents = Shelf::of(&stack).contents().await;
    assert_eq!((contents.recipes, contents.revisions), (2, 1));
    others.again(&stack, &staying).await;
    for (gone, recipe) in [(&leaving, &deleted), (&keeping, &private)] {
        stack.recipe(gone, &recipe.id).await.assert_problem(401, "token_revoked");
    }
}

#[both]
async fn what_a_deleted_person_thought_of_recipes_is_forgotten(stack: TestStack) {
    let (session, author) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = Written::by(&stack, &author, json!({ "title": "국", "visibility": "public" })).await;
    stack.keep_personal(&author, &recipe.id, json!({ "rating": 2 })).await.assert_status(200);
    stack.keep_personal(&session, &recipe.id, json!({ "rating": 5 })).await.assert_status(200);

    say(&stack, "deleted", &session.user_id, "", "keep").await;
    until_buried(&stack).await;

    let rating = recipe.again(&stack, &author).await.body["rating"].clone();
    assert_eq!(rating, json!({ "average": 2.0, "count": 1 }));
    let late = stack.keep_personal(&session, &recipe.id, json!({ "rating": 5 })).await;
    late.assert_problem(401, "token_revoked");
}

/// A token lives on for minutes after its person: the tombstone is part of what every write asks.
#[both]
async fn a_deleted_person_writes_nothing_more(stack: TestStack) {
    let session = stack.logged_in().await;
    let (_, public) = private_and_public(&stack, &session).await;
    say(&stack, "deleted", &session.user_id, "", "keep").await;
    until_buried(&stack).await;
    // Nobody rises because their name is said once more.
    say(&stack, "named", &session.user_id, "다시", "").await;
    let later = stack.logged_in().await;
    let marker = Written::by(&stack, &later, json!({ "title": "국" })).await;
    named(&stack, &later, &marker).await;
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    let new = stack.create_recipe(&session, json!({ "title": "유령" })).await;
    new.assert_problem(401, "token_revoked");
    for etag in [public.etag.as_str(), "*"] {
        let put = stack.replace_recipe(&session, &public.id, etag, json!({ "title": "유령" })).await;
        put.assert_problem(403, "forbidden");
        let patch = stack.change_recipe(&session, &public.id, etag, json!({ "title": "유령" })).await;
        patch.assert_problem(403, "forbidden");
        stack.delete_recipe(&session, &public.id, etag).await.assert_problem(403, "forbidden");
    }
    stack.unpublish_recipe(&session, &public.id).await.assert_problem(403, "forbidden");

    assert_eq!(shelf.contents().await, before);
    assert_eq!(stack.recipe(Anonymous, &public.id).await.json()["owner"]["name"], Value::Null);
}

statement! {
    struct Hidden {} -> BigInt
    "SELECT count(*) FROM recipes WHERE visibility <> 'public'"
}

/// Writes until it is refused.
async fn write_on(client: &Client, session: &Session, recipe: &Written) {
    for number in 0.. {
        let visibility = if number % 2 == 0 { "private" } else { "public" };
        let body = json!({ "title": format!("국 {number}"), "visibility": visibility });
        let answer = client.replace_recipe(session, &recipe.id, "*", body).await;
        if answer.status != 200 {
            assert!([401, 403, 404].contains(&answer.status), "{answer}");
            return;
        }
    }
}

/// What was being written when its author was deleted is as gone as all the rest: nobody could ever delete it later.
#[everywhere]
async fn nothing_that_is_written_meanwhile_outlives_its_author(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut recipes = Vec::new();
    for _ in 0..8 {
        let public = json!({ "title": "국", "visibility": "public" });
        recipes.push(Written::by(&stack, &session, public).await);
    }

    let writing = join_all(
        recipes
            .iter()
            .enumerate()
            .map(|(number, recipe)| write_on(stack.recipes(number % stack.copies()), &session, recipe)),
    );
    let deleting = async {
        say(&stack, "deleted", &session.user_id, "", "keep").await;
        until_buried(&stack).await;
    };
    futures_util::future::join(writing, deleting).await;

    let db = shelf::open(stack.recipes_database_url());
    let hidden: i64 = db.read(|conn| Hidden {}.one(conn)).await.expect("the database does not answer");
    assert_eq!((hidden, Shelf::of(&stack).contents().await.revisions), (0, 0));
}
