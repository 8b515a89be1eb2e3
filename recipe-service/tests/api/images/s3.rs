use std::time::Duration;

use testkit::servers::S3Server;
use testkit::stack::Options;
use testkit::{both, eventually};

use super::samples::{jpeg, png, quarters};
use super::{covered, decoded, stew, urls};

fn in_bucket(options: Options, server: &S3Server) -> Options {
    options
        .set("RECIPES_IMAGES", &format!("s3://{}/images", S3Server::BUCKET))
        .set("RECIPES_IMAGES_S3_ENDPOINT", &server.endpoint())
        .set("RECIPES_IMAGES_S3_ACCESS_KEY_ID", "key")
        .set("RECIPES_IMAGES_S3_SECRET_ACCESS_KEY", "secret")
}

/// A bucket in the place of a folder makes no difference, but that it can be away: then images are, and nothing else.
#[both]
async fn images_may_lie_in_a_bucket(options: Options) {
    let mut server = S3Server::start();
    let stack = in_bucket(options, &server).start().await;
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(1_000, 600))).await;

    for url in urls(&recipe.body["cover"]) {
        decoded(&stack.image_at(&session, &url).await);
    }
    assert!(!stack.images_dir().exists());

    let other = stew(&stack, &session).await;
    server.stop();
    stack.cover(&session, &recipe.id, "").await.assert_problem(503, "busy");
    stack.put_cover(&session, &other.id, png(quarters(30, 30))).await.assert_problem(503, "busy");
    let after = other.again(&stack, &session).await;
    assert_eq!(after.body, other.body);

    server.start_again();
    let again = covered(&stack, &session, jpeg(&quarters(1_000, 600))).await;
    assert_eq!(decoded(&stack.cover(&session, &again.id, "").await).width(), 1_000);
}

/// What no recipe has is erased there, too.
#[both]
async fn a_bucket_is_purged(options: Options) {
    let server = S3Server::start();
    let stack = in_bucket(options, &server).start().await;
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, png(quarters(30, 30))).await;
    let hash = recipe.body["cover"]["hash"].as_str().unwrap();
    let object = format!("/{}/images/{}/{hash}/320.jpg", S3Server::BUCKET, &hash[..2]);
    let bucket = stack.recipes.elsewhere(server.addr());
    // Nobody looks at the signature there, but at whether there is one.
    let signed =
        "AWS4-HMAC-SHA256 Credential=key/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let is_there = async || bucket.get(&object).header("authorization", signed).send().await.status == 200;
    assert!(is_there().await);

    stack.delete_recipe(&session, &recipe.id, "*").await.assert_status(204);
    stack.erase_recipe(&session, &recipe.id).await.assert_status(204);
    eventually("the object is erased", async || {
        stack.clock.advance(Duration::from_secs(2 * 60 * 60)).await;
        (!is_there().await).then_some(())
    })
    .await;
}
