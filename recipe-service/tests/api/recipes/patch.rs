use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::titled;
use crate::shelf::Shelf;
use crate::written::Written;

#[both]
async fn a_patch_sets_removes_and_leaves(stack: TestStack) {
    let session = stack.logged_in().await;
    let given = json!({
        "title": "국", "description": "old", "tags": ["a", "b"], "times": { "prep": 1, "cook": 2 },
        "extras": { "keep": 1, "drop": 2, "deep": { "x": [1, 2], "y": 1 } },
        "ingredient_groups": [{ "items": ["물 1컵"] }],
    });
    let before = Written::by(&stack, &session, given).await;

    let patch = json!({
        "title": "찌개", "description": null, "times": { "prep": null, "rest": 3 }, "tags": ["c"],
        "extras": { "drop": null, "deep": { "x": [3], "y": null, "z": null }, "new": { "n": null, "m": 1 } },
        // What the service sets is ignored, even to be removed.
        "id": "x", "version": null, "owner": { "id": "other" }, "slug": null,
    });
    let answer = stack.change_recipe(&session, &before.id, &before.etag, patch).await;

    let after = Written::of(answer.assert_status(200)).body;
    assert_eq!(
        (&after["title"], &after["version"], &after["slug"]),
        (&json!("찌개"), &json!(2), &json!("찌개"))
    );
    assert_eq!((&after["description"], &after["tags"]), (&Value::Null, &json!(["c"])));
    assert_eq!(after["times"], json!({ "prep": null, "cook": 2, "rest": 3, "total": null }));
    assert_eq!(after["extras"], json!({ "keep": 1, "deep": { "x": [3] }, "new": { "m": 1 } }));
    assert_eq!(after["ingredient_groups"], before.body["ingredient_groups"]);
    assert_eq!((&after["id"], &after["owner"]["id"]), (&before.body["id"], &before.body["owner"]["id"]));
}

#[both]
async fn a_patch_without_members_is_a_new_version_of_the_same(stack: TestStack) {
    let session = stack.logged_in().await;
    let before = Written::by(&stack, &session, titled("국")).await;

    let answer = stack.change_recipe(&session, &before.id, &before.etag, json!({})).await;

    let after = Written::of(answer.assert_status(200));
    assert_eq!((&after.body["title"], &after.body["version"]), (&json!("국"), &json!(2)));
}

#[both]
async fn a_patch_may_come_as_either_media_type(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    for media_type in ["application/merge-patch+json", "application/json"] {
        let request = stack.recipes.patch(&recipe.path()).bearer(&session).header("if-match", "*");
        request.body(media_type, "{\"title\":\"찌개\"}").send().await.assert_status(200);
    }
}

#[both]
async fn a_patch_whose_result_breaks_a_rule_changes_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    let given = json!({
        "title": "국",
        "ingredient_groups": [{ "items": [{ "id": id, "raw": "물" }] }],
        "step_groups": [{ "items": [{ "text": "끓인다", "ingredient_ids": [id] }] }],
        "yield": { "raw": "2인분", "quantity": "2" },
    });
    let recipe = Written::by(&stack, &session, given).await;
    let shelf = Shelf::of(&stack);
    let before = shelf.contents().await;

    for (patch, pointer) in [
        (json!({ "title": null }), "/title"),
        (json!({ "title": "" }), "/title"),
        (json!({ "title": 1 }), "/title"),
        (json!({ "title": { "x": 1 } }), "/title"),
        (json!({ "tags": ["ok", 1] }), "/tags/1"),
        (json!({ "tags": {} }), "/tags"),
        (json!({ "unknown": 1 }), "/unknown"),
        (json!({ "a/b~c": 1 }), "/a~1b~0c"),
        (json!({ "visibility": "secret" }), "/visibility"),
        (json!({ "yield": { "raw": null } }), "/yield/raw"),
        (json!({ "yield": { "quantity_max": "1" } }), "/yield/quantity_max"),
        (json!({ "times": { "prep": -1 } }), "/times/prep"),
        (json!({ "times": { "idle": 1 } }), "/times/idle"),
        (json!({ "times": [] }), "/times"),
        (json!({ "extras": [] }), "/extras"),
        // The steps still name what is not there any more.
        (json!({ "ingredient_groups": [] }), "/step_groups/0/items/0/ingredient_ids/0"),
    ] {
        let answer = stack.change_recipe(&session, &recipe.id, &recipe.etag, patch.clone()).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{patch}");
    }

    assert_eq!(shelf.contents().await, before);
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

#[both]
async fn a_patch_that_is_no_object_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    for patch in [json!(null), json!([]), json!("x"), json!(1), json!([{ "op": "remove", "path": "/title" }])]
    {
        let answer = stack.change_recipe(&session, &recipe.id, &recipe.etag, patch).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], "");
    }
}

#[both]
async fn many_small_patches_do_not_make_a_recipe_too_large(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut recipe = Written::by(&stack, &session, titled("국")).await;
    let part = |number: usize| json!({ "title": number.to_string(), "items": vec!["x".repeat(10_000); 20] });
    let mut groups = Vec::new();
    loop {
        groups.push(part(groups.len()));
        let patch = json!({ "step_groups": groups });
        let answer = stack.change_recipe(&session, &recipe.id, &recipe.etag, patch).await;
        if answer.status != 200 {
            answer.assert_problem(413, "too_large");
            break;
        }
        recipe = Written::of(&answer);
        assert!(groups.len() < 10, "there is no limit");
    }
    // A patch that is small itself, on what is nearly full.
    let descriptions = json!({ "description": "가".repeat(4_000), "extras": { "x": "y".repeat(16_000) }, "nutrition": { "x": "y".repeat(16_000) } });
    let grown = stack.change_recipe(&session, &recipe.id, &recipe.etag, descriptions).await;
    assert!([200, 413].contains(&grown.status), "{grown}");
}
