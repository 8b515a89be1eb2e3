use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::{TestStack, both};

use super::{items, titles};
use crate::written::Written;

async fn list(stack: &TestStack, session: &Session, query: &str) -> String {
    titles(&stack.list_recipes(session, &format!("?{query}")).await).join(" ")
}

/// Some recipes with a total time and some without; every second one is public.
async fn timed(stack: &TestStack, session: &Session) {
    let times =
        [("a", Some(600)), ("b", None), ("c", Some(60)), ("d", Some(600)), ("e", Some(0)), ("f", None)];
    for (index, (title, total)) in times.into_iter().enumerate() {
        let visibility = if index % 2 == 0 { "public" } else { "private" };
        let recipe =
            json!({ "title": title, "times": { "total": total, "prep": 5 }, "visibility": visibility });
        Written::by(stack, session, recipe).await;
    }
}

#[both]
async fn a_list_by_time_ends_with_what_says_none(stack: TestStack) {
    let session = stack.logged_in().await;
    timed(&stack, &session).await;

    assert_eq!(list(&stack, &session, "sort=time").await, "e c a d b f");
    assert_eq!(list(&stack, &session, "sort=-time").await, "d a c e f b");
    assert_eq!(list(&stack, &session, "sort=time&max_total_time=60").await, "e c");
    assert_eq!(list(&stack, &session, "sort=time&visibility=public").await, "e c a");
}

#[both]
async fn a_list_by_rating_ends_with_what_nobody_rated(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for (title, ratings) in
        [("a", vec![3]), ("b", vec![]), ("c", vec![5, 4]), ("d", vec![5]), ("e", vec![]), ("f", vec![1, 2])]
    {
        let recipe = Written::by(&stack, &session, super::of_visibility(title, "public")).await;
        for (reader, rating) in [&session, &other].into_iter().zip(ratings) {
            stack.keep_personal(reader, &recipe.id, json!({ "rating": rating })).await.assert_status(200);
        }
    }

    assert_eq!(list(&stack, &session, "sort=-rating").await, "d c a f e b");
    assert_eq!(list(&stack, &session, "sort=rating").await, "f a c d b e");
}

#[both]
async fn pages_by_a_number_neither_skip_nor_repeat(stack: TestStack) {
    let session = stack.logged_in().await;
    timed(&stack, &session).await;
    for sort in ["time", "-time", "rating", "-rating"] {
        let whole = items(&stack.list_recipes(&session, &format!("?sort={sort}")).await);
        for limit in 1..=6 {
            let mut shown: Vec<Value> = Vec::new();
            let mut query = format!("?sort={sort}&limit={limit}");
            loop {
                let page = stack.list_recipes(&session, &query).await;
                shown.extend(items(&page));
                let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { break };
                query = format!("?sort={sort}&limit={limit}&cursor={cursor}");
            }
            assert_eq!(shown, whole, "sort={sort}&limit={limit}");
            let numbered =
                stack.list_recipes(&session, &format!("?sort={sort}&page=2&per_page={limit}")).await;
            let behind: Vec<Value> = whole.iter().skip(limit).take(limit).cloned().collect();
            assert_eq!(items(&numbered), behind, "sort={sort}&page=2&per_page={limit}");
        }
    }
}

#[both]
async fn filters_by_cuisine_diet_and_favourite_go_together(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for (title, cuisine, diet, favourite) in [
        ("a", "Korean", "Vegan", true),
        ("b", "korean ", "vegetarian", false),
        ("c", "Italian", "vegan", true),
    ] {
        let recipe =
            json!({ "title": title, "cuisines": [cuisine], "diets": [diet], "visibility": "public" });
        let recipe = Written::by(&stack, &session, recipe).await;
        let personal = json!({ "favourite": favourite });
        stack.keep_personal(&other, &recipe.id, personal).await.assert_status(200);
    }

    assert_eq!(list(&stack, &other, "sort=title&cuisine=KOREAN").await, "a b");
    assert_eq!(list(&stack, &other, "sort=title&diet=vegan").await, "a c");
    assert_eq!(list(&stack, &other, "sort=title&diet=vegan&cuisine=italian").await, "c");
    assert_eq!(list(&stack, &other, "sort=title&diet=vegan&diet=vegetarian").await, "");
    assert_eq!(list(&stack, &other, "sort=title&favourite=true").await, "a c");
    assert_eq!(list(&stack, &other, "sort=title&favourite=true&cuisine=korean").await, "a");
    assert_eq!(list(&stack, &other, "sort=title&favourite=false").await, "b");
    // One's own favourites, not another's.
    assert_eq!(list(&stack, &session, "sort=title&favourite=true").await, "");
    assert!(titles(&stack.list_recipes(Anonymous, "?favourite=true").await).is_empty());
    assert_eq!(titles(&stack.list_recipes(Anonymous, "?favourite=false").await).len(), 3);
}
