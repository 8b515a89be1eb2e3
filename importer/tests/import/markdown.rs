use importer::Format;

use super::{groups, read, steps};

#[test]
fn a_recipe_with_front_matter_headings_and_lists() {
    let text = "---\ntags: [soup, \"winter\"]\nservings: 4\nsource:\n  url: https://example.org/stew\n  author: Ana\nhue: red\n---\n# The *Stew*\n\nWarm and [good](https://example.org).\n\n\
                ![picture](a.jpg)\n\n## Ingredients\n\n- **2 cups** water\n- salt\n\n### Sauce\n\n* 1 tbsp soy\n\n## Method\n\n1. Boil\n   the water.\n2. Eat.\n\n## Notes\n\nHot.\n";
    let imported = read(text, Format::Markdown);
    let recipe = &imported.recipe;
    assert_eq!(recipe.title, "The Stew");
    assert_eq!(recipe.description.as_deref(), Some("Warm and good."));
    assert_eq!(recipe.tags, ["soup", "winter"]);
    assert_eq!(recipe.r#yield.as_ref().unwrap().raw, "4");
    assert_eq!(
        (recipe.origin.url.as_deref(), recipe.origin.author.as_deref()),
        (Some("https://example.org/stew"), Some("Ana"))
    );
    assert_eq!(groups(recipe), ["-: 2 cups water | salt", "Sauce: 1 tbsp soy"]);
    assert_eq!(steps(recipe), ["-: Boil the water. | Eat."]);
    assert_eq!(recipe.extras["notes"], "Hot.");
    assert_eq!(imported.report.dropped[0].member, "hue");
}

#[test]
fn steps_of_paragraphs_below_headings_of_their_own() {
    let text = "# 두부찌개\n\n## 재료\n- 두부 1모\n\n## 만드는 법\n\n### 육수\n\n물을 끓인다.\n\n### 찌개\n\n두부를 넣는다.\n";
    assert_eq!(steps(&read(text, Format::Markdown).recipe), ["육수: 물을 끓인다.", "찌개: 두부를 넣는다."]);
}
