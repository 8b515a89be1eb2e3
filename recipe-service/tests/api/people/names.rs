use common::db::statement;
use serde_json::{Value, json};
use testkit::client::{Anonymous, Person, Session};
use testkit::{TestStack, both, everywhere};

use super::named_so;
use crate::shelf;
use crate::written::Written;

async fn signed_up(stack: &TestStack, more: Value) -> Session {
    let person = Person::new();
    let mut body = person.credentials();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Session::of(&stack.signup(body).await, &person)
}

#[everywhere]
async fn an_owner_is_named_as_they_named_themselves(stack: TestStack) {
    let session = signed_up(&stack, json!({ "name": "할머니 김순자" })).await;
    let public = json!({ "title": "국", "visibility": "public" });
    let recipe = Written::by(&stack, &session, public).await;

    named_so(&stack, &session, &recipe, "할머니 김순자").await;
    stack.change_me(&session, json!({ "name": "김순자" })).await.assert_ok();
    named_so(&stack, &session, &recipe, "김순자").await;

    for copy in 0..stack.copies() {
        let anonymous = stack.recipes(copy).recipe(Anonymous, &recipe.id).await.json();
        assert_eq!(anonymous["owner"], json!({ "id": session.user_id, "name": "김순자" }));
        let listed = stack.recipes(copy).list_recipes(Anonymous, "").await.json();
        assert_eq!(listed["items"][0]["owner"], anonymous["owner"]);
    }
}

/// T185: recipes are a subject's, whatever they are called and whoever is called so later.
#[both]
async fn who_takes_over_a_name_takes_over_nothing_else(stack: TestStack) {
    let first = signed_up(&stack, json!({ "username": "halmoni", "name": "김순자" })).await;
    let recipe = Written::by(&stack, &first, json!({ "title": "국" })).await;
    stack.change_me(&first, json!({ "username": "somebody-else" })).await.assert_ok();
    let second = signed_up(&stack, json!({ "username": "halmoni", "name": "김순자" })).await;

    stack.recipe(&second, &recipe.id).await.assert_problem(404, "not_found");
    assert_eq!(stack.list_recipes(&second, "").await.json()["items"], json!([]));
    let put = stack.replace_recipe(&second, &recipe.id, "*", json!({ "title": "mine" })).await;
    put.assert_problem(404, "not_found");
    assert_eq!(recipe.again(&stack, &first).await.body["owner"]["id"], first.user_id);
}

statement! {
    struct Misplace {}
    "UPDATE people_cursor SET cursor = '999999.0123456789abcdef' WHERE id = 1"
}

/// As after one of the two databases was restored: the place in the feed is one that its issuer does not know.
#[both]
async fn the_feed_is_read_anew_where_its_place_is_not_known(stack: TestStack) {
    let session = signed_up(&stack, json!({ "name": "김순자" })).await;
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    named_so(&stack, &session, &recipe, "김순자").await;

    let db = shelf::open(stack.recipes_database_url());
    db.write(|conn| Misplace {}.execute(conn)).await.expect("the database does not answer");
    stack.change_me(&session, json!({ "name": "순자" })).await.assert_ok();

    named_so(&stack, &session, &recipe, "순자").await;
}
