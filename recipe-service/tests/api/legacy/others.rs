//! Whom a name means is what the issuer said last.

use common::db::statement;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use testkit::stack::Options;
use testkit::{both, eventually};

use super::{Move, assert_refused, uuid};
use crate::shelf;
use crate::written::Written;

#[both]
async fn a_name_that_passes_on_means_its_new_owner(options: Options) {
    let at = Move::start(options).await;
    let (first, second) = (at.known_as("7").await, at.logged_in().await);
    let recipe = json!({ "title": "국" });
    let of_first = Written::by(&at, &at.token("7"), recipe.clone()).await;
    assert_eq!(of_first.body["owner"]["id"], first.user_id);

    at.call(&first.user_id, "").await;
    eventually("it is nobody's", async || {
        (at.list_recipes(&at.token("7"), "").await.status == 401).then_some(())
    })
    .await;
    at.call(&second.user_id, "7").await;
    at.until_let_in("7").await;

    let of_second = Written::by(&at, &at.token("7"), recipe).await;
    assert_eq!(of_second.body["owner"]["id"], second.user_id);
    at.recipe(&at.token("7"), &of_first.id).await.assert_problem(404, "not_found");
}

/// The name of somebody whose tokens were ended does not open a door again when it is taken away and given back.
#[both]
async fn to_give_somebody_their_name_again_does_not_let_them_in(options: Options) {
    let at = Move::start(options).await;
    let person = at.known_as("7").await;
    at.logout_of("all", &person).await.assert_status(204);
    at.call(&person.user_id, "").await;
    at.call(&person.user_id, "7").await;
    let other = at.known_as("8").await;
    // What comes later on the feed has come: so has this.
    assert_refused(&at.list_recipes(&at.token("7"), "").await);
    at.logged_in_again(&person.person()).await;
    assert_refused(&at.list_recipes(&at.token("7"), "").await);
    at.list_recipes(&other, "").await.assert_status(200);
}

statement! {
    struct Remember<'a> { sub: Text = &'a str, external_id: Text = &'a str }
    "INSERT INTO people (sub, name, external_id) VALUES ($1, 'of a lost life', $2)"
}

statement! {
    struct Holders {} -> BigInt
    "SELECT count(*) FROM people WHERE external_id = '7'"
}

/// An issuer's database that was restored has forgotten to whom a name had passed on: what it says since counts.
#[both]
async fn a_name_is_one_persons_alone(options: Options) {
    let at = Move::start(options).await;
    let person = at.known_as("7").await;
    // The first and the last id there is, so that neither comes before the person by chance alone.
    for id in [0, u128::MAX] {
        let id = common::ids::Uuid::from_u128(id).to_string();
        let db = shelf::open(at.recipes_database_url());
        let remembered = db.write(move |conn| Remember { sub: &id, external_id: "7" }.execute(conn)).await;
        remembered.expect("the database does not answer");
        at.change_me(&person, json!({ "name": "Kim" })).await.assert_ok();
        // What comes later on the feed has come: so has this.
        at.known_as(&format!("later than {id}", id = uuid())).await;

        let holders: Result<i64, _> = db.read(|conn| Holders {}.one(conn)).await;
        assert_eq!(holders.expect("the database does not answer"), 1);
        let recipe = Written::by(&at, &at.token("7"), json!({ "title": "국" })).await;
        assert_eq!(recipe.body["owner"]["id"], person.user_id);
    }
}

statement! {
    struct Raise {}
    "UPDATE people SET min_uv = 1 WHERE external_id = '7'"
}

/// Nor does it take back that somebody's tokens were ended: who has heard of that knows it better.
#[both]
async fn what_ended_somebodys_old_tokens_stays(options: Options) {
    let at = Move::start(options).await;
    let person = at.known_as("7").await;
    let db = shelf::open(at.recipes_database_url());
    db.write(|conn| Raise {}.execute(conn)).await.expect("the database does not answer");
    assert_refused(&at.list_recipes(&at.token("7"), "").await);

    at.change_me(&person, json!({ "name": "Kim" })).await.assert_ok();
    at.known_as("8").await;

    assert_refused(&at.list_recipes(&at.token("7"), "").await);
}
