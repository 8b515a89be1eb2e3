use serde_json::json;
use testkit::client::Anonymous;
use testkit::{TestStack, both};

use super::samples::{jpeg, png, quarters, tiny};
use super::{covered, decoded, urls};
use crate::written::Written;

/// A version is the recipe as it was, with its images; made the newest once more it has them again.
#[both]
async fn a_version_keeps_its_images(stack: TestStack) {
    let session = stack.logged_in().await;
    let first = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let step = stack.put_step_image(&session, &first.id, &first.step(), tiny()).await;
    let step = Written::of(&step);
    let second = Written::of(&stack.put_cover(&session, &first.id, png(quarters(50, 40))).await);
    stack.delete_cover(&session, &first.id).await.assert_status(204);
    stack.delete_step_image(&session, &first.id, &first.step()).await.assert_status(204);
    assert_ne!(first.body["cover"], second.body["cover"]);

    for (version, recipe) in [(2, &first), (3, &step), (4, &second)] {
        let revision = stack.revision(&session, &first.id, version).await.assert_status(200).json();
        assert_eq!(revision["cover"], recipe.body["cover"], "{version}");
        assert_eq!(revision["step_groups"], recipe.body["step_groups"], "{version}");
        // Its author sees them, though they are nowhere else.
        for url in urls(&revision["cover"]) {
            let earlier = stack.image_at(&session, &url).await;
            decoded(&earlier);
            assert!(earlier.header("cache-control").starts_with("private"));
            stack.publish_recipe(&session, &first.id).await.assert_status(204);
            stack.image_at(Anonymous, &url).await.assert_problem(404, "not_found");
            stack.unpublish_recipe(&session, &first.id).await.assert_status(204);
        }
    }
    assert_eq!(stack.revision(&session, &first.id, 1).await.json()["cover"], json!(null));

    let restored = Written::of(&stack.restore_revision(&session, &first.id, 3).await);
    assert_eq!(restored.body["cover"], step.body["cover"]);
    assert_eq!(restored.body["step_groups"], step.body["step_groups"]);
    decoded(&stack.cover(&session, &first.id, "").await);
    decoded(&stack.step_image(&session, &first.id, &first.step()).await);
    let restored = Written::of(&stack.restore_revision(&session, &first.id, 1).await);
    assert_eq!(restored.body["cover"], json!(null));
    stack.cover(&session, &first.id, "").await.assert_problem(404, "not_found");
}
