//! As many recipes as a large collection has.

use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::BigInt;
use serde_json::json;
use testkit::client::Anonymous;
use testkit::stack;
use testkit::{Backend, TestStack};

use super::items;
use crate::shelf;
use crate::written::Written;

const RECIPES: i64 = 70_000;

statement! {
    /// The first recipe so many times, each a second later than the one before.
    struct Copy { count: BigInt = i64 }
    "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $1) \
     INSERT INTO recipes (id, household_id, owner_sub, version, format, visibility, title, title_key, slug, tags, times, \
       created_at, updated_at, document) \
     SELECT randomblob(16), r.household_id, r.owner_sub, r.version, r.format, r.visibility, r.title, r.title_key, r.slug, \
       r.tags, r.times, r.created_at + n.n * 1000000, r.updated_at + n.n * 1000000, r.document \
     FROM n, (SELECT * FROM recipes LIMIT 1) AS r"
}

statement! {
    struct Number {}
    "INSERT INTO recipe_search (recipe_id, version, format) SELECT r.id, r.version, s.format FROM recipes r, \
     (SELECT format FROM recipe_search LIMIT 1) AS s WHERE r.id NOT IN (SELECT recipe_id FROM recipe_search) \
     ORDER BY r.updated_at"
}

statement! {
    struct Learn {}
    "INSERT INTO recipe_words (rowid, title, ingredients, others) SELECT number, 'soup', 'tofu water', 'soup' \
     FROM recipe_search WHERE number > 1"
}

statement! {
    struct Tag {}
    "INSERT OR IGNORE INTO recipe_tags (recipe_id, tag) SELECT r.id, t.tag FROM recipes r, \
     (SELECT DISTINCT tag FROM recipe_tags) AS t"
}

statement! {
    struct Label {}
    "INSERT OR IGNORE INTO recipe_labels (recipe_id, kind, label) SELECT r.id, l.kind, l.label FROM recipes r, \
     (SELECT DISTINCT kind, label FROM recipe_labels) AS l"
}

fn multiply(conn: &mut Conn) -> QueryResult<usize> {
    Copy { count: RECIPES }.execute(conn)?;
    Number {}.execute(conn)?;
    Learn {}.execute(conn)?;
    Tag {}.execute(conn)?;
    Label {}.execute(conn)
}

/// T230: SQLite stops no statement, so that what most work is for it comes to an end by itself, and others go on meanwhile.
#[test]
fn the_costliest_questions_to_sqlite_come_to_an_end() {
    stack::run(Backend::Sqlite, 1, async |stack: TestStack| {
        let session = stack.logged_in().await;
        let recipe = json!({
            "title": "soup", "tags": ["soup", "spicy"], "cuisines": ["korean"], "visibility": "public",
            "ingredient_groups": [{ "items": ["1 tofu", "2 cups water"] }],
        });
        let recipe = Written::by(&stack, &session, recipe).await;
        let db = shelf::open(stack.recipes_database_url());
        db.write_at_length(multiply).await.expect("there is one recipe");

        let questions = async {
            for question in [
                "?q=soup&facets=tag,cuisine,diet,category,ingredient&highlight=true&sort=-rating&page=100&per_page=100",
                "?q=soup&tag=nobody-has-it",
                "?cuisine=nobody-has-it&not_ingredient=water&sort=time",
                "?ingredient=tofu&not_tag=spicy&page=1",
            ] {
                for reader in [true, false] {
                    let answer = match reader {
                        true => stack.list_recipes(&session, question).await,
                        false => stack.list_recipes(Anonymous, question).await,
                    };
                    if answer.status != 200 {
                        answer.assert_problem(503, "database_unavailable");
                    }
                }
            }
        };
        let others = async {
            for _ in 0..50 {
                recipe.again(&stack, &session).await;
            }
        };
        tokio::join!(questions, others);

        let page = stack.list_recipes(&session, "?q=soup%20tofu&limit=100").await;
        assert_eq!(items(page.assert_status(200)).len(), 100);
    });
}
