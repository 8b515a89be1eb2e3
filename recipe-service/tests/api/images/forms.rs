use serde_json::{Value, json};
use testkit::{Answer, TestStack, both};

use super::covered;
use super::samples::{jpeg, quarters, tiny};
use crate::written::Written;

#[both]
async fn every_form_that_has_a_place_for_images_shows_them(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(1_000, 700))).await;
    let put = stack.put_step_image(&session, &recipe.id, &recipe.step(), tiny()).await;
    let recipe = Written::of(&put);
    let cover = recipe.body["cover"]["url"].as_str().unwrap();
    let step = recipe.body["step_groups"][0]["items"][0]["image"]["url"].as_str().unwrap();
    assert!(cover.starts_with("http://recipes.test/v1/recipes/"), "{cover}");
    let form = async |media_type: &str| -> Answer {
        let call = stack.recipes.get(&recipe.path()).bearer(&session).header("accept", media_type);
        let answer = call.send().await;
        answer.assert_status(200);
        answer
    };

    let json_ld: Value = form("application/ld+json").await.json();
    assert_eq!(
        (&json_ld["image"], &json_ld["recipeInstructions"][0]["image"]),
        (&json!(cover), &json!(step))
    );
    let markdown = form("text/markdown").await.text();
    assert!(markdown.contains(&format!("![](<{cover}>)")) && markdown.contains(&format!("![](<{step}>)")));
    let cooklang = form("text/x-cooklang").await.text();
    assert!(cooklang.contains(&format!("image: \"{cover}\"\n")), "{cooklang}");
    // The page has them wherever it is asked for, and nothing from elsewhere.
    let page = form("text/html").await;
    let hash = recipe.body["cover"]["hash"].as_str().unwrap();
    let here = format!("src=\"{}/images/{hash}/1920.jpg\"", recipe.id);
    assert!(page.text().contains(&here), "{page}");
    assert!(page.text().matches("<img ").count() == 2 && !page.text().contains("src=\"http"), "{page}");
    assert!(page.header("content-security-policy").contains("img-src 'self'"));
}

/// What left as a form comes back as the same recipe, without images: they stay with the recipe that has them.
#[both]
async fn what_is_imported_again_has_no_images_of_another_recipe(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, tiny()).await;
    for media_type in ["application/ld+json", "text/markdown", "text/x-cooklang"] {
        let call = stack.recipes.get(&recipe.path()).bearer(&session).header("accept", media_type);
        let text = call.send().await.text();
        let imported = stack.import_recipe(&session, "", media_type, text).await.assert_status(201).json();
        assert_eq!(imported["recipe"]["title"], "국", "{media_type}");
        assert_eq!(imported["recipe"]["cover"], json!(null), "{media_type}");
    }
}
