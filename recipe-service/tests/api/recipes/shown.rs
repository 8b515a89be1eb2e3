//! What is counted and suggested is what lists show.

use serde_json::{Value, json};
use testkit::client::Bearer;
use testkit::{TestStack, both};

use crate::written::Written;

/// How many recipes somebody is told of: of all and of those with a word, by each way of counting, and by suggestions.
async fn told<'a>(stack: &TestStack, reader: impl Into<Bearer<'a>>) -> usize {
    let reader = reader.into();
    let mut told = Vec::new();
    for query in
        ["?facets=tag,cuisine", "?facets=tag,cuisine&q=stew", "?facets=tag,cuisine&tag=warm&not_tag=cold"]
    {
        let body = stack.list_recipes(reader, query).await.assert_status(200).json();
        let uses = |facet: &str| body["facets"][facet][0]["count"].as_u64().unwrap_or_default();
        told.extend([
            body["total"].as_u64().unwrap(),
            uses("tag"),
            uses("cuisine"),
            number_of(&body["items"]),
        ]);
    }
    let suggested = stack.recipes.get("/v1/suggest?q=war").bearer(reader).send().await.json();
    let suggested = number_of(&suggested["tags"]) + number_of(&suggested["ingredients"]);
    assert_eq!(suggested, 2 * told[0], "{told:?}");
    assert!(told.iter().all(|some| *some == told[0]), "{told:?}");
    told[0] as usize
}

fn number_of(list: &Value) -> u64 {
    list.as_array().unwrap().len() as u64
}

/// T183
#[both]
async fn a_recipe_counts_for_whom_lists_show_it(stack: TestStack) {
    let (owner, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = json!({
        "title": "stew", "tags": ["warm"], "cuisines": ["korean"], "visibility": "private",
        "ingredient_groups": [{ "items": [{ "raw": "1 cup warm water", "item": "warm water" }] }],
    });
    let recipe = Written::by(&stack, &owner, recipe).await;
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (1, 0));

    stack.publish_recipe(&owner, &recipe.id).await.assert_status(204);
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (1, 1));

    stack.unpublish_recipe(&owner, &recipe.id).await.assert_status(204);
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (1, 0));

    stack.publish_recipe(&owner, &recipe.id).await.assert_status(204);
    let recipe = recipe.again(&stack, &owner).await;
    stack.delete_recipe(&owner, &recipe.id, &recipe.etag).await.assert_status(204);
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (0, 0));

    let back = Written::of(stack.undelete_recipe(&owner, &recipe.id).await.assert_status(200));
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (1, 1));

    let mut unlisted = back.body.clone();
    unlisted["visibility"] = json!("unlisted");
    stack.replace_recipe(&owner, &recipe.id, &back.etag, unlisted).await.assert_status(200);
    assert_eq!((told(&stack, &owner).await, told(&stack, &other).await), (1, 0));
}

/// Tags, kitchens, diets and languages are looked for together with words, and are no words themselves.
#[both]
async fn filters_and_words_are_one_question(stack: TestStack) {
    let session = stack.logged_in().await;
    let kitchens = [("korean", "zh-Hant-TW"), ("korean", "ko"), ("한식", "zh")];
    for (number, (cuisine, language)) in kitchens.into_iter().enumerate() {
        let recipe = json!({
            "title": format!("stew {number}"), "tags": [cuisine], "cuisines": [cuisine], "diets": ["vegan"],
            "language": language, "visibility": "private",
        });
        Written::by(&stack, &session, recipe).await;
    }
    for (query, found) in [
        ("?q=stew&language=zh", vec!["stew 0", "stew 2"]),
        ("?q=stew&language=zh-HANT", vec!["stew 0"]),
        ("?language=zh-hant-tw", vec!["stew 0"]),
        ("?language=zh-han", vec![]),
        ("?q=stew&cuisine=Korean&diet=VEGAN", vec!["stew 0", "stew 1"]),
        ("?tag=korean&cuisine=한식", vec![]),
        ("?tag=korean&q=1", vec!["stew 1"]),
        ("?cuisine=vegan", vec![]),
        ("?diet=vegan&tag=한식&not_tag=korean&q=stew", vec!["stew 2"]),
        ("?q=vegan", vec![]),
    ] {
        let page = stack.list_recipes(&session, &format!("{query}&sort=title")).await;
        assert_eq!(super::titles(&page), found, "{query}");
    }
}
