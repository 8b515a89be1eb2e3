use serde_json::json;
use testkit::{Answer, TestStack, both};

use super::{ADDRESS, imported, lines, page, steps, stew};
use crate::written::Written;

#[both]
async fn a_page_becomes_a_recipe_of_its_reader(stack: TestStack) {
    let session = stack.logged_in().await;

    let answer = stack.import_recipe(&session, "", "text/html", page(ADDRESS, &stew("두부찌개"))).await;

    let body = imported(&answer, 201);
    let recipe = &body["recipe"];
    assert_eq!(body["outcome"], "created");
    assert_eq!(recipe["title"], "두부찌개");
    assert_eq!(recipe["visibility"], "private");
    assert_eq!(recipe["owner"]["id"], session.user_id);
    assert_eq!(recipe["language"], "ko");
    assert_eq!(recipe["source"]["url"], ADDRESS);
    assert_eq!(
        recipe["yield"],
        json!({ "raw": "2인분", "quantity": "2", "quantity_max": null, "unit": "인분" })
    );
    assert_eq!(recipe["times"]["total"], 1_800);
    assert_eq!(steps(recipe), ["끓인다."]);
    let tofu = &recipe["ingredient_groups"][0]["items"][0];
    assert_eq!((&tofu["item"], &tofu["unit"]), (&json!("두부"), &json!("g")), "lines are read as on create");

    let id = recipe["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/v1/recipes/{id}"));
    let read = stack.recipe(&session, id).await;
    // What comes after the version may differ: the feed may have brought the owner's name between the two.
    let version =
        |answer: &Answer| answer.header("etag").rsplit_once('-').expect("no ETag of ours").0.to_owned();
    assert_eq!(version(&answer), version(&read));
    assert_eq!(Written::of(&read).body["ingredient_groups"], recipe["ingredient_groups"]);
    let found = stack.list_recipes(&session, "?q=%EB%91%90%EB%B6%80").await;
    assert_eq!(found.json()["items"][0]["id"], id, "it is found by what was imported");
}

#[both]
async fn every_form_is_read(stack: TestStack) {
    let session = stack.logged_in().await;
    let markdown =
        "---\ntags: [soup]\n---\n# Stew\n\n## Ingredients\n\n- 2 cups water\n\n## Method\n\n1. Boil.\n";
    for (media_type, text, line) in [
        ("application/ld+json", stew("Stew").to_string(), "두부 200g"),
        ("text/plain", "Stew\n\nIngredients\n2 cups water\n\nMethod\n1. Boil.".to_owned(), "2 cups water"),
        ("text/markdown; charset=utf-8", markdown.to_owned(), "2 cups water"),
        ("text/x-cooklang", "---\ntitle: Stew\n---\nBoil @water{2%cups}.".to_owned(), "2 cups water"),
    ] {
        let body = imported(&stack.import_recipe(&session, "", media_type, text).await, 201);
        assert_eq!(body["recipe"]["title"], "Stew", "{media_type}");
        assert_eq!(lines(&body["recipe"])[0], line, "{media_type}");
        assert_eq!(steps(&body["recipe"]).len(), 1, "{media_type}");
    }
}

/// Cooklang says which ingredients a step uses, and what does not grow with the servings.
#[both]
async fn a_step_of_cooklang_names_its_ingredients(stack: TestStack) {
    let session = stack.logged_in().await;
    let text = "Boil @water{2%cups} and @salt{=1%tsp}(fine) for ~{10%minutes}.\n\nAdd @tofu{}.";

    let body = imported(&stack.import_recipe(&session, "", "text/x-cooklang", text).await, 201);

    let recipe = &body["recipe"];
    let items = recipe["ingredient_groups"][0]["items"].as_array().unwrap();
    let step = |at: usize| &recipe["step_groups"][0]["items"][at];
    assert_eq!(step(0)["ingredient_ids"], json!([items[0]["id"], items[1]["id"]]));
    assert_eq!(step(1)["ingredient_ids"], json!([items[2]["id"]]));
    assert_eq!(step(0)["duration"], 600);
    assert_eq!((&items[0]["unit"], &items[0]["quantity"]["min"]), (&json!("cup"), &json!("2")));
    assert_eq!((&items[1]["scaling"], &items[1]["preparation"]), (&json!("fixed"), &json!("fine")));
    assert_eq!(recipe["title"], importer::UNTITLED);
}

/// What schema.org has no words for comes back too: groups, amounts, ids.
#[both]
async fn a_recipe_that_was_taken_along_as_json_ld_comes_back_as_it_was(stack: TestStack) {
    let (one, other) = (stack.logged_in().await, stack.logged_in().await);
    let recipe = json!({
        "title": "국", "visibility": "public", "source": { "url": ADDRESS },
        "ingredient_groups": [{ "title": "양념", "items": ["간장 1과1/2큰술", { "raw": "물", "scaling": "fixed" }] }],
        "step_groups": [{ "title": "끝", "items": [{ "text": "끓인다.", "duration": 60 }] }], "extras": { "mine": 1 },
    });
    let made = Written::by(&stack, &one, recipe).await;
    let export = stack.recipes.get(&made.path()).header("accept", "application/ld+json").send().await;

    let answer = stack.import_recipe(&other, "", "application/ld+json", export.assert_ok().text()).await;

    let back = imported(&answer, 201)["recipe"].clone();
    for member in ["title", "ingredient_groups", "step_groups", "source", "extras", "times", "yield"] {
        assert_eq!(back[member], made.body[member], "{member}");
    }
    assert_eq!(back["visibility"], "private");
}
