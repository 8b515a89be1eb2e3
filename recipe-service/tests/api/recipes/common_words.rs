//! Words that more recipes have than are looked at one by one.

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Session;
use testkit::{TestStack, both};

use super::{items, titles};
use crate::written::Written;

/// More than are near (`store/recipes/list/near.rs`).
const RECIPES: usize = 1_040;
/// So many are written at once.
const AT_ONCE: usize = 20;

/// Recipes with salt: a third of them public, each tenth with it in its title, each seventh with a tag.
async fn keep(stack: &TestStack, session: &Session) -> Vec<Written> {
    let mut written = Vec::new();
    for batch in (0..RECIPES).step_by(AT_ONCE) {
        let all = (batch..batch + AT_ONCE).map(|number| {
            let recipe = json!({
                "title": if number % 10 == 0 { format!("salt {number}") } else { number.to_string() },
                "ingredient_groups": [{ "items": ["1 tsp salt"] }],
                "visibility": if number % 3 == 0 { "public" } else { "private" },
                "tags": if number % 7 == 0 { vec!["seventh"] } else { vec![] },
            });
            Written::by(stack, session, recipe)
        });
        written.extend(join_all(all).await);
    }
    written
}

/// The ids of a whole list, by pages.
async fn whole(stack: &TestStack, session: &Session, query: &str) -> Vec<String> {
    let (mut ids, mut path) = (Vec::new(), format!("?limit=100&{query}"));
    loop {
        let page = stack.list_recipes(session, &path).await;
        ids.extend(items(&page).iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { return ids };
        path = format!("?limit=100&{query}&cursor={cursor}");
    }
}

/// What has the word is listed as if it were not asked for, since all have it.
#[both]
async fn a_word_that_all_have_lists_all_in_their_order(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipes = keep(&stack, &session).await;

    for sort in ["-updated", "updated", "-created", "title", "-title", "time", "-rating"] {
        let all = whole(&stack, &session, &format!("sort={sort}")).await;
        assert_eq!(all.len(), RECIPES);
        assert_eq!(whole(&stack, &session, &format!("q=salt&sort={sort}")).await, all, "{sort}");
        assert_eq!(whole(&stack, &session, &format!("ingredient=salt&sort={sort}")).await, all, "{sort}");
    }
    let seventh = whole(&stack, &session, "tag=seventh").await;
    assert_eq!(whole(&stack, &session, "q=salt&sort=-updated&tag=seventh").await, seventh);
    assert!(whole(&stack, &session, "q=salt%20pepper").await.is_empty());

    // In the title first, and then by their last change: the one that was written first too, once it is changed.
    stack
        .change_recipe(&session, &recipes[1].id, "*", json!({ "description": "x" }))
        .await
        .assert_status(200);
    let found = whole(&stack, &session, "q=salt").await;
    let in_title: Vec<&String> = recipes.iter().step_by(10).map(|recipe| &recipe.id).collect();
    assert!(found[..in_title.len()].iter().all(|id| in_title.contains(&id)));
    assert_eq!((found.len(), &found[in_title.len()]), (RECIPES, &recipes[1].id));
    let backwards = whole(&stack, &session, "q=salt&sort=-relevance").await;
    assert!(backwards.iter().rev().eq(&found), "the worst first");
    assert_eq!(titles(&stack.list_recipes(&session, "?q=salt&sort=-updated&limit=1").await), ["1"]);
    let numbered = stack.list_recipes(&session, "?q=salt&sort=created&page=104&per_page=10").await;
    assert_eq!(items(&numbered).len(), 10);
}
