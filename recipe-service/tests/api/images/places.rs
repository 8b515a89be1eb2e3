use serde_json::json;
use testkit::client::Anonymous;
use testkit::{TestStack, both};

use super::samples::{jpeg, quarters, tiny};
use super::{covered, decoded, files, stew, urls};
use crate::written::Written;

/// A cover is part of the recipe: in its document, in lists and in the trash.
#[both]
async fn a_cover_is_shown_wherever_the_recipe_is(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let cover = &recipe.body["cover"];

    assert_eq!(recipe.body["version"], 2);
    assert_eq!(&recipe.again(&stack, &session).await.body["cover"], cover);
    let listed = stack.list_recipes(&session, "").await.json();
    assert_eq!(&listed["items"][0]["cover"], cover);
    stack.delete_recipe(&session, &recipe.id, "*").await.assert_status(204);
    stack.cover(&session, &recipe.id, "").await.assert_problem(404, "not_found");
    assert_eq!(&stack.trash(&session, "").await.json()["items"][0]["cover"], cover);
    stack.undelete_recipe(&session, &recipe.id).await.assert_status(200);
    decoded(&stack.cover(&session, &recipe.id, "").await);
}

#[both]
async fn a_step_has_an_image_of_its_own(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = json!({
        "title": "국",
        "step_groups": [{ "items": ["썬다", "끓인다"] }, { "title": "고명", "items": ["올린다"] }],
    });
    let recipe = Written::by(&stack, &session, recipe).await;
    let step = recipe.body["step_groups"][0]["items"][1]["id"].as_str().unwrap();

    let put = stack.put_step_image(&session, &recipe.id, step, jpeg(&quarters(400, 300))).await;

    let shown = Written::of(&put);
    let images = ["/0/items/0", "/0/items/1", "/1/items/0"]
        .map(|at| shown.body["step_groups"].pointer(at).unwrap()["image"]["width"].clone());
    assert_eq!(images, [json!(null), json!(400), json!(null)]);
    assert_eq!(shown.again(&stack, &session).await.body, shown.body);
    decoded(&stack.step_image(&session, &recipe.id, step).await);
    for url in urls(&shown.body["step_groups"][0]["items"][1]["image"]) {
        decoded(&stack.image_at(&session, &url).await);
    }
    // The recipe seen otherwise shows it, too.
    let scaled =
        stack.recipes.get(&format!("/v1/recipes/{}?scale=2", recipe.id)).bearer(&session).send().await;
    assert_eq!(scaled.json()["step_groups"], shown.body["step_groups"]);

    let other = recipe.body["step_groups"][0]["items"][0]["id"].as_str().unwrap();
    stack.step_image(&session, &recipe.id, other).await.assert_problem(404, "not_found");
    for nothing in [&recipe.id, "x", "0192f0c1-2d3e-7abc-8def-0123456789ab"] {
        stack.put_step_image(&session, &recipe.id, nothing, tiny()).await.assert_problem(404, "not_found");
        stack.step_image(&session, &recipe.id, nothing).await.assert_problem(404, "not_found");
    }
    stack.delete_step_image(&session, &recipe.id, step).await.assert_status(204);
    stack.step_image(&session, &recipe.id, step).await.assert_problem(404, "not_found");
    assert_eq!(shown.again(&stack, &session).await.body["step_groups"], recipe.body["step_groups"]);
}

/// The text of a recipe is one thing, and its images another: who sends the one does not lose the other.
#[both]
async fn who_writes_the_document_keeps_the_images(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let put = stack.put_step_image(&session, &recipe.id, &recipe.step(), tiny()).await;
    let recipe = Written::of(&put);
    let (cover, steps) = (recipe.body["cover"].clone(), recipe.body["step_groups"].clone());

    // As it was answered, without them, and in part.
    let mut sent_back = recipe.body.clone();
    sent_back["title"] = json!("찌개");
    let sent_back = Written::of(&stack.replace_recipe(&session, &recipe.id, "*", sent_back).await);
    let step = json!([{ "items": [{ "id": recipe.step(), "text": "끓인다" }] }]);
    let without = json!({ "title": "탕", "step_groups": step });
    let without = Written::of(&stack.replace_recipe(&session, &recipe.id, "*", without).await);
    let patch = json!({ "title": "전골", "cover": null });
    let patched = Written::of(&stack.change_recipe(&session, &recipe.id, "*", patch).await);
    for written in [&sent_back, &without, &patched] {
        assert_eq!((&written.body["cover"], &written.body["step_groups"]), (&cover, &steps));
    }
    assert_eq!(patched.again(&stack, &session).await.body, patched.body);

    // With the step its image goes, for good.
    let gone = json!({ "title": "국", "step_groups": [{ "items": ["다른 일"] }] });
    stack.replace_recipe(&session, &recipe.id, "*", gone).await.assert_status(200);
    let back = stack.replace_recipe(&session, &recipe.id, "*", patched.body.clone()).await;
    let back = Written::of(&back);
    assert_eq!(back.body["step_groups"][0]["items"][0]["image"], json!(null));
    assert_eq!(back.body["cover"], cover);
}

/// The same image is there once, whoever sends it and however often.
#[both]
async fn the_same_image_is_kept_once(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let photo = jpeg(&quarters(400, 300));
    let recipe = covered(&stack, &session, photo.clone()).await;
    let kept = files(&stack);
    assert_eq!(kept.len(), 2);

    let again = stack.put_cover(&session, &recipe.id, photo.clone()).await;
    assert_eq!((Written::of(&again).body, again.header("etag")), (recipe.body.clone(), recipe.etag.as_str()));
    let twin = covered(&stack, &other, photo.clone()).await;
    stack.put_step_image(&other, &twin.id, &twin.step(), photo).await.assert_status(200);

    assert_eq!(twin.body["cover"]["hash"], recipe.body["cover"]["hash"]);
    assert_eq!(files(&stack), kept);
    // Who takes theirs away takes nothing from others.
    stack.delete_cover(&session, &recipe.id).await.assert_status(204);
    stack.delete_cover(&session, &recipe.id).await.assert_status(204);
    stack.cover(&session, &recipe.id, "").await.assert_problem(404, "not_found");
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 3);
    decoded(&stack.cover(&other, &twin.id, "").await);
}

#[both]
async fn nobody_reads_files_of_images_past_the_service(stack: TestStack) {
    use std::os::unix::fs::PermissionsExt;
    let session = stack.logged_in().await;
    covered(&stack, &session, tiny()).await;
    let mode = std::fs::metadata(stack.images_dir()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    stack.recipes.get("/images/").bearer(Anonymous).send().await.assert_problem(404, "not_found");
}

/// A call that names the version which it starts from is held to it.
#[both]
async fn a_condition_is_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let path = format!("/v1/recipes/{}/cover", recipe.id);
    let put = async |known: &str| {
        let call = stack.recipes.put(&path).bearer(&session).header("if-match", known);
        call.body("image/png", tiny()).send().await
    };
    stack.change_recipe(&session, &recipe.id, "*", json!({ "title": "탕" })).await.assert_status(200);

    let stale = put(&recipe.etag).await.assert_problem(412, "stale_version");
    assert_eq!(stale["errors"][0]["pointer"], "/title");
    put("no tag").await.assert_problem(400, "invalid_parameter");
    let newest = recipe.again(&stack, &session).await;
    let covered = Written::of(&put(&newest.etag).await);
    // Whose document is older is told that there is a cover now.
    let late = stack.replace_recipe(&session, &recipe.id, &newest.etag, json!({ "title": "국" })).await;
    let late = late.assert_problem(412, "stale_version");
    assert_eq!(
        (late["errors"].as_array().unwrap().len(), &late["errors"][0]["pointer"]),
        (1, &json!("/cover"))
    );
    let call = stack.recipes.delete(&path).bearer(&session).header("if-match", &newest.etag);
    call.send().await.assert_problem(412, "stale_version");
    let call = stack.recipes.delete(&path).bearer(&session).header("if-match", &covered.etag);
    call.send().await.assert_status(204);
}
