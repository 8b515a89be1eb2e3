use importer::{Format, Reason, import};

use super::{dropped, groups, read, said, source_of, steps};

#[test]
fn a_recipe_is_found_in_a_graph_in_a_list_and_in_another_thing() {
    let recipe = r#"{"@type": ["Recipe", "NewsArticle"], "name": "Stew", "recipeIngredient": ["water"]}"#;
    for json in [
        recipe.to_owned(),
        format!("[{{\"@type\": \"WebSite\"}}, {recipe}]"),
        format!("{{\"@graph\": [{{\"@type\": \"WebPage\"}}, {recipe}]}}"),
        format!("{{\"@graph\": [[{recipe}]]}}"),
        format!("{{\"@type\": \"WebPage\", \"mainEntity\": {recipe}}}"),
        recipe.replace("\"Recipe\"", "\"http://schema.org/Recipe\""),
    ] {
        assert_eq!(said(&json).recipe.title, "Stew", "{json}");
    }
    assert!(import(r#"{"@type": "RecipeCollection", "name": "x"}"#, Format::JsonLd, None).is_err());
}

#[test]
fn of_several_recipes_the_one_that_says_most_is_read_and_the_others_are_reported() {
    let imported = said(
        r#"[{"@type": "Recipe", "name": "Card"},
            {"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"], "recipeInstructions": "Boil."},
            {"@type": "Recipe", "name": "Stew", "recipeYield": "4"}]"#,
    );
    assert_eq!(imported.recipe.title, "Stew");
    assert_eq!(imported.recipe.r#yield.unwrap().raw, "4", "one of the same name says more of it");
    assert_eq!(dropped(&imported.report), [("Recipe", Reason::OtherRecipe)]);
}

#[test]
fn steps_come_in_every_shape() {
    for (json, expected) in [
        (r#""Boil.\nEat.""#, vec!["-: Boil. | Eat."]),
        (r#""<ol><li>Boil <b>it</b>.</li><li>Eat.</li></ol>""#, vec!["-: Boil it. | Eat."]),
        (r#"["Boil.<br>Wait.", "Eat."]"#, vec!["-: Boil. Wait. | Eat."]),
        (
            r#"[{"@type": "HowToStep", "text": "Boil."}, {"@type": "HowToStep", "name": "Eat."}]"#,
            vec!["-: Boil. | Eat."],
        ),
        (r#"[{"@type": "HowToStep", "name": "Heat", "text": "Boil."}]"#, vec!["-: Heat> Boil."]),
        (
            r#"[{"@type": "HowToStep", "name": "Boil the…", "text": "Boil the water."}]"#,
            vec!["-: Boil the water."],
        ),
        (
            r#"{"@type": "ItemList", "itemListElement": [{"@type": "HowToStep", "text": "Boil."}]}"#,
            vec!["-: Boil."],
        ),
        (
            r#"[{"@type": "HowToSection", "name": "Broth", "itemListElement": [{"@type": "HowToStep", "text": "Boil."}]},
                {"@type": "HowToSection", "name": "End", "itemListElement": {"@type": "HowToStep", "text": "Eat."}}]"#,
            vec!["Broth: Boil.", "End: Eat."],
        ),
        (
            r#"[{"@type": "HowToStep", "itemListElement": [{"@type": "HowToDirection", "text": "Boil."}, {"@type": "HowToTip", "text": "Gently."}]}]"#,
            vec!["-: Boil. Gently."],
        ),
        (r#"[[{"@type": "HowToStep", "text": "Boil."}], ["Eat."]]"#, vec!["-: Boil. | Eat."]),
    ] {
        let imported =
            said(&format!("{{\"@type\": \"Recipe\", \"name\": \"Stew\", \"recipeInstructions\": {json}}}"));
        assert_eq!(steps(&imported.recipe), expected, "{json}");
    }
}

#[test]
fn texts_lose_their_markup_and_their_escapes() {
    let imported = said(
        r#"{"@type": "Recipe", "name": "Mac &amp;amp; &lt;b&gt;Cheese&lt;/b&gt;",
            "recipeIngredient": ["1\u00a0cup  <span>milk</span>", {"@type": "PropertyValue", "value": 2, "unitText": "tbsp", "name": "salt"}, "", null],
            "description": "Cook <5 minutes &ndash; or more"}"#,
    );
    assert_eq!(imported.recipe.title, "Mac & Cheese");
    assert_eq!(groups(&imported.recipe), ["-: 1 cup milk | 2 tbsp salt"]);
    assert_eq!(imported.recipe.description.unwrap(), "Cook <5 minutes – or more");
}

#[test]
fn everything_else_has_its_place() {
    let imported = said(
        r##"{"@graph": [
            {"@type": "Person", "@id": "#me", "name": "Ana"},
            {"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"],
             "author": [{"@id": "#me"}, {"@type": "Person", "name": "Bo"}], "publisher": {"@type": "Organization", "name": "Site"},
             "recipeYield": ["4", "4 servings"], "keywords": "soup, Soup,winter", "recipeCategory": ["Main"], "recipeCuisine": "Korean, Fusion",
             "suitableForDiet": "https://schema.org/VeganDiet", "tool": [{"@type": "HowToTool", "name": "pot"}],
             "nutrition": {"@type": "NutritionInformation", "calories": "120 kcal"}, "inLanguage": "en_US",
             "image": [{"@type": "ImageObject", "url": "https://example.org/a.jpg"}, "https://example.org/b.jpg"],
             "url": "https://example.org/stew", "commentCount": 3}]}"##,
    );
    let recipe = &imported.recipe;
    assert_eq!(recipe.origin.author.as_deref(), Some("Ana, Bo"));
    assert_eq!(
        (recipe.origin.name.as_deref(), recipe.origin.url.as_deref()),
        (Some("Site"), Some("https://example.org/stew"))
    );
    assert_eq!(recipe.r#yield.as_ref().unwrap().raw, "4 servings");
    assert_eq!((recipe.tags.join("|"), recipe.categories.join("|")), ("soup|winter".into(), "Main".into()));
    assert_eq!(
        (recipe.cuisines.join("|"), recipe.diets.join("|")),
        ("Korean|Fusion".into(), "VeganDiet".into())
    );
    assert_eq!((recipe.tools.join("|"), recipe.language.as_deref()), ("pot".into(), Some("en-US")));
    assert_eq!(recipe.nutrition["calories"], "120 kcal");
    assert_eq!(recipe.extras["images"].as_array().unwrap().len(), 2);
    assert_eq!(source_of(&imported.report, "yield"), "recipeYield");
    assert_eq!(dropped(&imported.report), [("commentCount", Reason::NoPlace)]);
}

/// What is in no field is in the report, of steps too.
#[test]
fn nothing_is_dropped_in_silence() {
    let imported = said(
        r#"{"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"], "prepTime": "PT0M", "totalTime": "soon", "video": {}, "review": [1],
            "recipeInstructions": [{"@type": "HowToStep", "text": "Boil.", "image": "a.jpg"}, {"@type": "HowToStep", "text": "Eat.", "image": "b.jpg"}]}"#,
    );
    let expected = [
        ("prepTime", Reason::Blank),
        ("recipeInstructions.image", Reason::NoPlace),
        ("review", Reason::NoPlace),
        ("totalTime", Reason::Unreadable),
        ("video", Reason::Blank),
    ];
    assert_eq!(dropped(&imported.report), expected);
    assert_eq!(imported.report.dropped[1].count, 2);
    assert_eq!(imported.report.dropped[3].detail.as_deref(), Some("soon"));
}

#[test]
fn a_recipe_that_refers_to_itself_is_read_once() {
    let json = r##"{"@graph": [{"@type": "Recipe", "@id": "#r", "name": "Stew", "recipeIngredient": ["water"],
        "recipeInstructions": {"@id": "#steps"}},
        {"@type": "HowToSection", "@id": "#steps", "itemListElement": [{"@id": "#steps"}, {"@id": "#steps"}, {"@type": "HowToStep", "text": "Boil."}]}]}"##;
    let imported = read(json, Format::JsonLd);
    assert!(!imported.recipe.step_groups.is_empty());
}
