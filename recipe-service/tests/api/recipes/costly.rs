//! Questions that cost much.

use common::db::{Db, statement};
use diesel::sql_types::BigInt;
use serde_json::json;
use testkit::client::Anonymous;
use testkit::stack;
use testkit::{Answer, Backend, TestStack, both, eventually};

use super::items;
use crate::shelf;
use crate::written::Written;

/// What most can be asked for at once: all filters, as many words as are looked at, all counts, and the last page.
fn deepest() -> String {
    let words: String = (0..16).map(|number| format!("%22국%20탕%20w{number}%22%20")).collect();
    let each = |name: &str| (0..20).map(|number| format!("&{name}=w{number}")).collect::<String>();
    let filters: String =
        ["tag", "not_tag", "cuisine", "diet", "ingredient", "not_ingredient"].map(each).concat();
    format!("?q={words}{filters}&{LARGEST}")
}

const LARGEST: &str =
    "facets=tag,cuisine,diet,category,ingredient&highlight=true&sort=-rating&page=100&per_page=100";

/// T230: the deepest search and the biggest page are answered, what is beyond them is refused, and others go on.
#[both]
async fn the_costliest_question_holds_nobody_up(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = |number: usize| {
        let title = format!("국 {number}");
        json!({
            "title": title, "description": "탕 w0 ".repeat(200), "tags": ["w0", "w1"], "cuisines": ["w0"],
            "visibility": "public",
        })
    };
    for number in 0..100 {
        Written::by(&stack, &session, recipe(number)).await;
    }
    for beyond in ["page=101&per_page=100", "limit=101", &"tag=a&".repeat(21), &"ingredient=a&".repeat(21)] {
        let answer = stack.list_recipes(&session, &format!("?{beyond}")).await;
        answer.assert_problem(400, "invalid_parameter");
    }

    let all = format!("?q=국%20탕&{LARGEST}");
    let questions = [deepest(), all.clone(), all.replace("page=100&", "page=1&")];
    let storm = async {
        let mut answers = Vec::new();
        for question in questions.iter().cycle().take(12) {
            let (one, other) =
                tokio::join!(stack.list_recipes(&session, question), stack.list_recipes(Anonymous, question));
            answers.extend([one, other]);
        }
        answers
    };
    let others = async {
        for _ in 0..20 {
            stack.list_recipes(&session, "").await.assert_status(200);
            stack.list_recipes(Anonymous, "").await.assert_status(200);
        }
    };
    let (answers, ()) = tokio::join!(storm, others);

    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.assert_problem(503, "database_unavailable");
    }
    let page = stack.list_recipes(&session, &all.replace("page=100&", "page=1&")).await;
    assert_eq!(items(&page).len(), 100);
}

statement! {
    struct Keep {}
    "ALTER TABLE recipe_tags RENAME TO kept_tags"
}

statement! {
    /// As if each look at the tags took a minute.
    struct Slow {}
    "CREATE VIEW recipe_tags AS SELECT kept_tags.* FROM kept_tags CROSS JOIN pg_sleep(60)"
}

statement! {
    struct Undo {}
    "DROP VIEW recipe_tags"
}

statement! {
    struct GiveBack {}
    "ALTER TABLE kept_tags RENAME TO recipe_tags"
}

statement! {
    struct Running {} -> BigInt
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
     AND wait_event = 'PgSleep'"
}

async fn is_running(db: &Db) -> bool {
    let running: i64 = db.read(|conn| Running {}.one(conn)).await.expect("the database does not answer");
    running > 0
}

/// T230: a statement that takes too long is given up by the database itself, not by its caller alone; meanwhile others go
/// on, and afterwards all is as it was.
#[test]
fn a_statement_that_takes_too_long_is_cut_off() {
    stack::run(Backend::PostgresRedis, 1, async |stack: TestStack| {
        let session = stack.logged_in().await;
        let recipe = Written::by(&stack, &session, json!({ "title": "국", "tags": ["a"] })).await;
        let db = shelf::open(stack.recipes_database_url());
        let change = db.write(|conn| Keep {}.execute(conn).and_then(|_| Slow {}.execute(conn)));
        change.await.expect("not changed");

        let slow = async || -> Answer { stack.list_recipes(&session, "?not_tag=a").await };
        let others = async {
            eventually("it is looked for", async || is_running(&db).await.then_some(())).await;
            for _ in 0..50 {
                stack.list_recipes(&session, "").await.assert_status(200);
                recipe.again(&stack, &session).await;
            }
        };
        let (answer, ()) = tokio::join!(slow(), others);

        answer.assert_problem(503, "database_unavailable");
        // Else it would go on for the rest of its minute.
        eventually("the database has nothing to do", async || (!is_running(&db).await).then_some(())).await;
        let change = db.write(|conn| Undo {}.execute(conn).and_then(|_| GiveBack {}.execute(conn)));
        change.await.expect("not changed back");
        assert_eq!(items(slow().await.assert_status(200)).len(), 0);
    });
}
