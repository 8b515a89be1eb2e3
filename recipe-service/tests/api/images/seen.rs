use std::collections::BTreeSet;

use serde_json::json;
use testkit::client::Anonymous;
use testkit::{Answer, TestStack, both};

use super::samples::{jpeg, quarters, tiny};
use super::{covered, decoded, stew, urls};
use crate::written::Written;

/// T183, T196: an image is seen by who sees its recipe, and to all others it is as if there were none.
#[both]
async fn an_image_is_seen_by_who_sees_its_recipe(stack: TestStack) {
    let (author, stranger) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = covered(&stack, &author, jpeg(&quarters(400, 300))).await;
    let recipe = stack.put_step_image(&author, &recipe.id, &recipe.step(), tiny()).await;
    let recipe = Written::of(&recipe);
    let addresses = [urls(&recipe.body["cover"]), urls(&recipe.body["step_groups"][0]["items"][0]["image"])];
    let addresses = addresses.concat();
    assert_eq!(addresses.len(), 3);
    let missing = stack.cover(&stranger, "0192f0c1-2d3e-7abc-8def-0123456789ab", "").await;

    for url in &addresses {
        decoded(&stack.image_at(&author, url).await);
        assert_conceals(&stack.image_at(&stranger, url).await, &missing);
        assert_conceals(&stack.image_at(Anonymous, url).await, &missing);
    }
    assert_conceals(&stack.cover(&stranger, &recipe.id, "").await, &missing);
    assert_conceals(&stack.step_image(&stranger, &recipe.id, &recipe.step()).await, &missing);
    // Whether there is one is not said to who may not write, whatever they send.
    assert_conceals(&stack.put_cover(&stranger, &recipe.id, tiny()).await, &missing);
    assert_conceals(&stack.put_cover(&stranger, &recipe.id, "no image".to_owned()).await, &missing);
    assert_conceals(&stack.delete_cover(&stranger, &recipe.id).await, &missing);

    for visibility in ["unlisted", "public"] {
        let change = json!({ "visibility": visibility });
        stack.change_recipe(&author, &recipe.id, "*", change).await.assert_status(200);
        for url in &addresses {
            decoded(&stack.image_at(&stranger, url).await);
            decoded(&stack.image_at(Anonymous, url).await);
        }
        stack.put_cover(&stranger, &recipe.id, tiny()).await.assert_problem(403, "forbidden");
    }
    stack.unpublish_recipe(&author, &recipe.id).await.assert_status(204);
    assert_conceals(&stack.image_at(Anonymous, &addresses[0]).await, &missing);
}

#[track_caller]
fn assert_conceals(answer: &Answer, missing: &Answer) {
    let mut body = answer.assert_problem(404, "not_found");
    let mut expected = missing.assert_problem(404, "not_found");
    (body["request_id"], expected["request_id"]) = (json!(null), json!(null));
    assert_eq!(body, expected);
    let names = |answer: &Answer| {
        // Who sends a body that is not read is hung up on.
        let names = answer.headers.keys().filter(|name| *name != "connection");
        names.map(ToString::to_string).collect::<BTreeSet<_>>()
    };
    assert_eq!(names(answer), names(missing));
}

/// An address is of one recipe: who has the image has it nowhere else.
#[both]
async fn the_hash_of_an_image_opens_no_other_recipe(stack: TestStack) {
    let (author, stranger) = (stack.logged_in().await, stack.logged_in().await);
    let hidden = covered(&stack, &author, jpeg(&quarters(400, 300))).await;
    let own = stew(&stack, &stranger).await;
    let url = &urls(&hidden.body["cover"])[0];

    let elsewhere = url.replace(&hidden.id, &own.id);
    stack.image_at(&stranger, &elsewhere).await.assert_problem(404, "not_found");
    // Nor does one get it by saying that one has it.
    let forged = json!({
        "title": "국", "cover": hidden.body["cover"],
        "step_groups": [{ "items": [{ "text": "끓인다", "image": hidden.body["cover"] }] }],
    });
    let forged = Written::of(&stack.replace_recipe(&stranger, &own.id, "*", forged).await);
    assert_eq!(forged.body["cover"], json!(null));
    assert_eq!(forged.body["step_groups"][0]["items"][0]["image"], json!(null));
    stack.image_at(&stranger, &elsewhere).await.assert_problem(404, "not_found");
    // Whoever has the same image has it at their own recipe.
    stack.put_cover(&stranger, &own.id, jpeg(&quarters(400, 300))).await.assert_status(200);
    decoded(&stack.image_at(&stranger, &elsewhere).await);
}

/// Nothing of an address is a path of ours.
#[both]
async fn a_name_of_a_file_is_one_of_the_image_or_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    let url = &urls(&recipe.body["cover"])[0];
    let (folder, _) = url.rsplit_once('/').unwrap();
    for name in [
        "320.png",
        "1920.jpg",
        "320",
        "320.jpg.",
        "320.jpg%00",
        "..%2f320.jpg",
        "%2e%2e",
        "0320.jpg",
        "320.JPG",
        "%252e%252e%252fetc%252fpasswd",
        "320.jpg%2f..",
        "-1.jpg",
        "99999999999999999999.jpg",
    ] {
        let answer = stack.image_at(&session, &format!("{folder}/{name}")).await;
        assert!([400, 404].contains(&answer.status), "{name}: {answer}");
    }
    let (images, hash) = folder.rsplit_once('/').unwrap();
    for hash in
        [hash.to_uppercase(), hash[1..].to_owned(), format!("{hash}0"), "0".repeat(64), "..".to_owned()]
    {
        let answer = stack.image_at(&session, &format!("{images}/{hash}/320.jpg")).await;
        assert!([404, 405].contains(&answer.status), "{hash}: {answer}");
    }
    decoded(&stack.image_at(&session, url).await);
}

/// Who has a link sees the images of the recipe below it, for as long as it leads there.
#[both]
async fn a_link_shows_the_images_of_its_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(400, 300))).await;
    stack.put_step_image(&session, &recipe.id, &recipe.step(), tiny()).await.assert_status(200);
    let made = stack.share_recipe(&session, &recipe.id, json!({})).await;
    let (link, share) = (made.json()["token"].clone(), made.json()["id"].clone());
    let (link, share) = (link.as_str().unwrap(), share.as_str().unwrap());

    let shared = stack.shared(link).await.assert_status(200).json();

    let step = &shared["step_groups"][0]["items"][0]["image"];
    let addresses = [urls(&shared["cover"]), urls(step)].concat();
    for url in &addresses {
        assert!(url.contains(&format!("/v1/shared/{link}/images/")), "{url}");
        let answer = stack.image_at(Anonymous, url).await;
        decoded(&answer);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    let page = stack.recipes.get(&format!("/v1/shared/{link}")).header("accept", "text/html").send().await;
    assert!(page.text().contains(&format!("src=\"{link}/images/")), "{page}");
    // What the recipe had before the link does not show.
    stack.put_cover(&session, &recipe.id, tiny()).await.assert_status(200);
    stack.image_at(Anonymous, &addresses[0]).await.assert_problem(404, "not_found");

    stack.revoke_share(&session, &recipe.id, share).await.assert_status(204);
    let gone = stack.image_at(Anonymous, addresses.last().unwrap()).await;
    gone.assert_problem(404, "not_found");
    assert_eq!(gone.header("cache-control"), "no-store");
}
