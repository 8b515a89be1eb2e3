use importer::Format;

use super::{groups, read, source_of, steps};

#[test]
fn a_korean_recipe_as_it_is_pasted() {
    let text = "두부찌개\n겨울에 좋아요.\n4인분\n조리시간: 30분\n\n[재료]\n두부 1모\n돼지고기 100g, 대파 1대, 소금 약간\n●양념장 : 간장 1큰술, 고춧가루 2큰술\n\n\
                <만드는 법>\n1. 두부를 썬다.\n2) 물을 붓고 끓인다.\n③ 양념장을 넣는다.\n\n팁\n두부는 단단한 것으로.";
    let imported = read(text, Format::Text);
    let recipe = &imported.recipe;
    assert_eq!(recipe.title, "두부찌개");
    assert_eq!(recipe.description.as_deref(), Some("겨울에 좋아요."));
    assert_eq!(recipe.r#yield.as_ref().unwrap().quantity.as_deref(), Some("4"));
    assert_eq!(recipe.times.cook, Some(1_800));
    assert_eq!(
        groups(recipe),
        ["-: 두부 1모 | 돼지고기 100g | 대파 1대 | 소금 약간", "양념장: 간장 1큰술 | 고춧가루 2큰술"]
    );
    assert_eq!(steps(recipe), ["-: 두부를 썬다. | 물을 붓고 끓인다. | 양념장을 넣는다."]);
    assert_eq!(recipe.extras["notes"], "두부는 단단한 것으로.");
    assert_eq!(source_of(&imported.report, "ingredient_groups"), "[재료]");
}

#[test]
fn headings_of_groups_in_brackets_and_alone() {
    let text =
        "비빔밥\n재료: [주재료] 밥 1공기, 콩나물 100g [양념] 고추장 1큰술, 참기름 약간\n조리순서\n1. 비빈다.";
    assert_eq!(
        groups(&read(text, Format::Text).recipe),
        ["주재료: 밥 1공기 | 콩나물 100g", "양념: 고추장 1큰술 | 참기름 약간"]
    );
    let text = "비빔밥\n주재료\n밥 1공기\n\n양념\n고추장 1큰술\n\n만드는법\n비빈다.\n먹는다.";
    let recipe = read(text, Format::Text).recipe;
    assert_eq!(groups(&recipe), ["-: 밥 1공기", "양념: 고추장 1큰술"]);
    assert_eq!(steps(&recipe), ["-: 비빈다. | 먹는다."]);
}

#[test]
fn an_english_recipe_as_it_is_pasted() {
    let text = "Noodle Soup\n\nServes 4\nPrep time: 10 minutes\nTotal: 1 h 20 min\nSource: https://example.org/soup\n\nINGREDIENTS:\n• 200 g noodles, thin\n- 1 onion, chopped\n\n\
                For the broth:\n* 1 1/2 l water\n\nMethod\nStep 1: Boil the water.\nStep 2 Add the noodles.\n\nNotes\nKeeps for 2 days.";
    let recipe = read(text, Format::Text).recipe;
    assert_eq!(recipe.title, "Noodle Soup");
    assert_eq!(recipe.r#yield.as_ref().unwrap().quantity.as_deref(), Some("4"));
    assert_eq!((recipe.times.prep, recipe.times.total), (Some(600), Some(4_800)));
    assert_eq!(recipe.origin.url.as_deref(), Some("https://example.org/soup"));
    assert_eq!(
        groups(&recipe),
        ["-: 200 g noodles, thin | 1 onion, chopped", "For the broth: 1 1/2 l water"]
    );
    assert_eq!(steps(&recipe), ["-: Boil the water. | Add the noodles."]);
    assert_eq!(recipe.extras["notes"], "Keeps for 2 days.");
}

#[test]
fn without_headings_lists_are_ingredients_and_numbers_steps() {
    let recipe = read("Tea\n- 1 bag tea\n- 1.5 cups water\n1. Boil.\n2. Steep.", Format::Text).recipe;
    assert_eq!(groups(&recipe), ["-: 1 bag tea | 1.5 cups water"]);
    assert_eq!(steps(&recipe), ["-: Boil. | Steep."]);
}
