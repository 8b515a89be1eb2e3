//! Where it cannot be known whom an old token means, the answer is 503 and never 401.

use std::time::Duration;

use common::db::statement;
use testkit::both;
use testkit::stack::Options;

use super::Move;
use crate::issuer::Apart;
use crate::shelf;

statement! {
    struct Lose {}
    "ALTER TABLE people_cursor RENAME TO lost"
}

statement! {
    struct Find {}
    "ALTER TABLE lost RENAME TO people_cursor"
}

#[both]
async fn while_the_feed_of_people_is_not_applied_nobody_is_taken_for_a_stranger(options: Options) {
    let at = Move::start(options).await;
    let session = at.known_as("7").await;
    let db = shelf::open(at.recipes_database_url());
    db.write(|conn| Lose {}.execute(conn)).await.expect("the table cannot be renamed");
    // It cannot be applied, and from then on nobody knows up to where the feed was.
    at.logged_in().await;
    at.stack.clock.advance(Duration::from_secs(31)).await;

    at.list_recipes(&at.token("7"), "").await.assert_problem(503, "revocations_stale");
    at.list_recipes(&at.token("8"), "").await.assert_problem(503, "revocations_stale");
    at.list_recipes(&session, "").await.assert_status(200);

    db.write(|conn| Find {}.execute(conn)).await.expect("the table cannot be renamed");
    at.until_let_in("7").await;
}

#[both]
async fn a_copy_that_has_heard_of_nobody_yet_says_so(options: Options) {
    let at = Move::start(options).await;
    at.known_as("7").await;
    let apart = Apart::start_alone_with(
        &at,
        &[("RECIPES_LEGACY_HS256_SECRET", super::SECRET), ("RECIPES_LEGACY_UNTIL", "2100-01-01")],
    )
    .await;
    apart.list_recipes(&at.token("7"), "").await.assert_problem(503, "revocations_stale");
}
