use importer::{Format, Source, import};

use super::{groups, read, source_of, steps};

#[test]
fn microdata_is_read_where_there_is_no_json_ld() {
    let html = r#"<html lang="en"><div itemscope itemtype="https://schema.org/Recipe"><h1 itemprop="name">Stew</h1>
        <span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ana</b></span>
        <meta itemprop="prepTime" content="PT10M"><time itemprop="totalTime" datetime="PT1H">an hour</time>
        <img itemprop="image" src="https://example.org/a.jpg"><span itemprop="recipeYield">4 servings</span>
        <ul><li itemprop="recipeIngredient">1 cup <i>water</i><li itemprop="recipeIngredient">salt</ul>
        <div itemprop="recipeInstructions"><p>Boil.<p>Eat.</div>
        <div itemprop="review" itemscope><span itemprop="name">Bad</span></div></div>"#;
    let imported = read(html, Format::Html);
    let recipe = &imported.recipe;
    assert_eq!(recipe.title, "Stew");
    assert_eq!(recipe.origin.author.as_deref(), Some("Ana"));
    assert_eq!((recipe.times.prep, recipe.times.total), (Some(600), Some(3_600)));
    assert_eq!(groups(recipe), ["-: 1 cup water | salt"]);
    assert_eq!(steps(recipe), ["-: Boil. | Eat."]);
    assert_eq!(recipe.language.as_deref(), Some("en"));
    let found = imported.report.fields.iter().find(|found| found.field == "title").unwrap();
    assert_eq!(found.source, Source::Microdata);
    assert!(imported.report.dropped.iter().any(|dropped| dropped.member == "review"));
}

#[test]
fn what_json_ld_lacks_is_taken_from_the_markup() {
    let html = r#"<script type="application/ld+json">{"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"]}</script>
        <div itemscope itemtype="http://schema.org/Recipe"><i itemprop="name">Other</i><p itemprop="recipeInstructions">Boil.</p></div>"#;
    let imported = read(html, Format::Html);
    assert_eq!(
        (imported.recipe.title.as_str(), steps(&imported.recipe)),
        ("Stew", vec!["-: Boil.".to_owned()])
    );
    assert_eq!(source_of(&imported.report, "step_groups"), "recipeInstructions");
}

#[test]
fn a_plugin_s_markup_and_h_recipe_are_read_alone() {
    let wprm = r#"<div class="wprm-recipe-container"><h2 class="wprm-recipe-name">Stew</h2><ul><li class="wprm-recipe-ingredient">1 cup water</li>
        <li class="wprm-recipe-ingredient">salt</li></ul><ol><li class="wprm-recipe-instruction"><div class="wprm-recipe-instruction-text">Boil.</div></li></ol></div>"#;
    let h_recipe = r#"<article class="h-recipe"><h1 class="p-name">Stew</h1><ul><li class="p-ingredient">1 cup water</li><li class="p-ingredient">salt</li></ul>
        <div class="e-instructions"><p>Boil.</p></div></article>"#;
    for html in [wprm, h_recipe] {
        let recipe = read(html, Format::Html).recipe;
        assert_eq!(
            (recipe.title.as_str(), groups(&recipe), steps(&recipe)),
            ("Stew", vec!["-: 1 cup water | salt".into()], vec!["-: Boil.".into()])
        );
    }
}

#[test]
fn lists_below_headings_are_read_and_the_page_around_them_is_not() {
    let html = r#"<html lang="de"><head><meta property="og:title" content="Eintopf"><title>Eintopf - Seite</title></head><body><nav><ul><li>Start</li></ul></nav>
        <h1>Eintopf</h1><p>Sehr gut.</p><h2>Zutaten</h2><h3>Brühe</h3><ul><li>1 l Wasser</li><li>Salz</li></ul>
        <h2>Zubereitung</h2><ol><li>Kochen.</li></ol><h2>Mehr Rezepte</h2><ul><li>Suppe</li></ul><footer><p>Impressum</p></footer></body></html>"#;
    let recipe = read(html, Format::Html).recipe;
    assert_eq!(recipe.title, "Eintopf");
    assert_eq!(groups(&recipe), ["Brühe: 1 l Wasser | Salz"]);
    assert_eq!(steps(&recipe), ["-: Kochen."]);
    assert!(recipe.extras.is_empty() && recipe.description.is_none());
}

#[test]
fn a_page_without_a_recipe_has_none() {
    for html in [
        "<h1>News</h1><ul><li>one</li><li>two</li></ul>",
        "<h2>Ingredients</h2><ul><li>water</li><li>salt</li></ul>",
        "<script type='application/ld+json'>{\"@type\": \"Recipe\", \"name\": \"Card\"}</script>",
        "<div itemscope itemtype='https://schema.org/Product'></div>",
    ] {
        assert!(import(html, Format::Html, None).is_err(), "{html}");
    }
}

#[test]
fn the_address_that_is_given_goes_before_the_page_s_and_that_before_the_recipe_s() {
    let html = r#"<link rel="canonical" href="https://example.org/canonical"><script type="application/ld+json">
        {"@type": "Recipe", "name": "Stew", "recipeIngredient": ["water"], "url": "https://example.org/own"}</script>"#;
    assert_eq!(read(html, Format::Html).recipe.origin.url.as_deref(), Some("https://example.org/canonical"));
    let given = import(html, Format::Html, Some("https://example.org/given")).unwrap();
    assert_eq!(given.recipe.origin.url.as_deref(), Some("https://example.org/given"));
    assert_eq!(source_of(&given.report, "source.url"), "source_url");
}

/// End tags that are left out, that close nothing, and that close too much.
#[test]
fn broken_markup_keeps_its_lists() {
    let html = r#"<div itemscope itemtype="https://schema.org/Recipe"><b><h1 itemprop=name>Stew</b></h1></span></div></table>
        <p itemprop="description">Good<div><ul><li itemprop="recipeIngredient">water<ul><li>x</ul><li itemprop="recipeIngredient">salt</div>"#;
    let html = html.replace("</span></div></table>", "</span></table>");
    let recipe = read(&html, Format::Html).recipe;
    assert_eq!(recipe.title, "Stew");
    assert_eq!(groups(&recipe), ["-: water x | salt"]);
}
