use importer::Format;

use super::{groups, read, source_of};

const RECIPE: &str = r#"<script type="application/ld+json">{"@type": "Recipe", "name": "Noodles",
    "recipeIngredient": ["200 g noodles", "1 egg", "2 tbsp soy sauce", "1 tsp sugar"], "recipeInstructions": "Cook."}</script>"#;

const GROUPED: [&str; 2] =
    ["Noodles: 200 g noodles | 1 egg", "For the sauce: 2 tbsp soy sauce | 1 tsp sugar"];

#[test]
fn groups_of_wp_recipe_maker() {
    let html = format!(
        r#"{RECIPE}<div class="wprm-recipe-container"><div class="wprm-recipe-ingredients-container"><h3>Ingredients</h3>
        <div class="wprm-recipe-ingredient-group"><h4 class="wprm-recipe-group-name wprm-bold">Noodles</h4>
        <ul><li class="wprm-recipe-ingredient"><span>200</span> <span>g</span> <span>noodles</span> (thin)</li><li class="wprm-recipe-ingredient">1 egg</li></ul></div>
        <div class="wprm-recipe-ingredient-group"><h4 class="wprm-recipe-group-name">For the sauce</h4>
        <ul><li class="wprm-recipe-ingredient">2 tbsp soy sauce<li class="wprm-recipe-ingredient">1 tsp sugar</ul></div></div></div>"#
    );
    let imported = read(&html, Format::Html);
    assert_eq!(groups(&imported.recipe), GROUPED);
    assert_eq!(source_of(&imported.report, "ingredient_groups"), "recipeIngredient");
    assert_eq!(source_of(&imported.report, "ingredient_groups.title"), "wprm-recipe-ingredient-group");
}

#[test]
fn groups_of_tasty_recipes() {
    for heading in ["<h4>For the sauce</h4>", "<p><strong>For the sauce</strong></p>"] {
        let first = heading.replace("For the sauce", "Noodles");
        let html = format!(
            r#"{RECIPE}<div class="tasty-recipes"><div class="tasty-recipes-ingredients"><h3>Ingredients</h3><div class="tasty-recipes-ingredients-body">
            {first}<ul><li><strong>200 g</strong> noodles</li><li>1 egg</li></ul>{heading}<ul><li>2 tbsp soy sauce</li><li>1 tsp sugar</li></ul></div></div></div>"#
        );
        assert_eq!(groups(&read(&html, Format::Html).recipe), GROUPED);
    }
}

#[test]
fn groups_of_mediavine() {
    let html = format!(
        r#"{RECIPE}<div class="mv-create-ingredients"><h3 class="mv-create-ingredients-title">Ingredients</h3><h4>Noodles</h4><ul><li>200 g noodles</li><li>1 egg</li></ul>
        <h4>For the sauce</h4><ul><li>2 tbsp soy sauce</li><li>1 tsp sugar</li></ul></div>"#
    );
    assert_eq!(groups(&read(&html, Format::Html).recipe), GROUPED);
}

#[test]
fn groups_of_markup_that_nobody_knows() {
    let html = format!(
        r#"{RECIPE}<section><h2>Ingredients</h2><h3 class="part">Noodles</h3><p>200 g  noodles</p><p>1 egg</p>
        <h3 class="part">For the sauce</h3><p>2 tbsp soy sauce</p><p>1 tsp sugar</p></section>"#
    );
    assert_eq!(groups(&read(&html, Format::Html).recipe), GROUPED);
}

/// A heading over the whole list makes no group, nor does markup of another number of lines.
#[test]
fn a_list_that_is_not_parted_stays_whole() {
    let whole = ["-: 200 g noodles | 1 egg | 2 tbsp soy sauce | 1 tsp sugar"];
    for list in [
        "<h2>Ingredients</h2><ul><li>200 g noodles</li><li>1 egg</li><li>2 tbsp soy sauce</li><li>1 tsp sugar</li></ul>",
        "<div class='mv-create-ingredients'><h4>Noodles</h4><ul><li>200 g noodles</li></ul><h4>Sauce</h4><ul><li>soy</li></ul></div>",
        "",
    ] {
        assert_eq!(groups(&read(&format!("{RECIPE}{list}"), Format::Html).recipe), whole, "{list}");
    }
}
