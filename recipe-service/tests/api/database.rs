//! What becomes of the service while its database is away.

use serde_json::json;
use testkit::client::{Anonymous, Session};
use testkit::servers::Postgres;
use testkit::{Answer, Backend, TestStack, eventually};

use crate::issuer::Apart;
use crate::written::Written;

/// SQLite is a file: it is not away.
#[test]
fn a_database_that_is_away_is_said_to_be_until_it_is_back() {
    testkit::stack::run(Backend::PostgresRedis, 1, away_and_back);
}

async fn away_and_back(stack: TestStack) {
    let server = Postgres::own();
    let database = server.database("away");
    let (apart, session) = (Apart::start_on(&stack, database.url()).await, stack.logged_in().await);
    let recipe = Written::by(&apart, &session, json!({ "title": "국" })).await;

    server.process.kill().expect("the server cannot be killed");
    for answer in all_calls(&apart, &session, &recipe).await {
        answer.assert_problem(503, "database_unavailable");
    }
    let report = apart.recipes_ops.get("/readyz").send().await.assert_problem(503, "not_ready");
    assert!(report["checks"].to_string().contains("postgres"), "{report}");
    apart.recipes.get("/healthz").send().await.assert_status(200);
    // Who may not write is told so without a database.
    apart.create_recipe(Anonymous, json!({})).await.assert_problem(401, "missing_token");

    server.process.start_again().expect("the server cannot be started again");
    eventually("the service is ready again", async || (apart.readiness().await == 200).then_some(())).await;
    assert_eq!(recipe.again(&apart, &session).await.body["version"], 1);
    Written::by(&apart, &session, json!({ "title": "찌개" })).await;
}

async fn all_calls(apart: &Apart, session: &Session, recipe: &Written) -> Vec<Answer> {
    let (id, body) = (&recipe.id, json!({ "title": "찌개" }));
    vec![
        apart.list_recipes(Anonymous, "").await,
        apart.list_recipes(session, "").await,
        apart.recipe(session, id).await,
        apart.create_recipe(session, body.clone()).await,
        apart.replace_recipe(session, id, &recipe.etag, body.clone()).await,
        apart.change_recipe(session, id, "*", body).await,
        apart.delete_recipe(session, id, &recipe.etag).await,
        apart.publish_recipe(session, id).await,
        apart.list_recipes(Anonymous, "?page=2&facets=tag").await,
        apart.create_recipe_once(session, "key", json!({ "title": "국" })).await,
        apart.revisions(session, id, "").await,
        apart.revision(session, id, 1).await,
        apart.restore_revision(session, id, 1).await,
        apart.trash(session, "").await,
        apart.undelete_recipe(session, id).await,
        apart.erase_recipe(session, id).await,
        apart.personal(session, id).await,
        apart.keep_personal(session, id, json!({ "rating": 5 })).await,
        apart.share_recipe(session, id, json!({})).await,
        apart.shares(session, id, "").await,
        apart.shared("AAAAAAAAAAAAAAAAAAAAAA").await,
        apart.export_recipes(session).await,
        apart.put_cover(session, id, "no image".to_owned()).await,
        apart.cover(session, id, "").await,
        apart.delete_cover(session, id).await,
    ]
}
