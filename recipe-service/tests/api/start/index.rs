use common::db::statement;
use serde_json::json;
use testkit::{TestStack, both};

use super::program::{program, said};
use crate::shelf;
use crate::written::Written;

statement! {
    struct Forget {}
    "DELETE FROM recipe_search"
}

/// As on the day when search came: what was written before is indexed by the migration.
#[both]
async fn what_was_written_before_there_was_an_index_is_indexed(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = json!({ "title": "국", "ingredient_groups": [{ "items": ["dried pollack 50g"] }] });
    Written::by(&stack, &session, recipe).await;
    let found =
        async || stack.list_recipes(&session, "?q=pollack").await.json()["items"].as_array().map(Vec::len);
    let db = shelf::open(stack.recipes_database_url());
    db.write(|conn| Forget {}.execute(conn)).await.expect("the database does not answer");
    assert_eq!(found().await, Some(0));

    let variables = [("RECIPES_DATABASE_URL", stack.recipes_database_url()), ("RUST_LOG", "off")];
    let output = program(&["migrate"], &variables);

    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(found().await, Some(1));
}
