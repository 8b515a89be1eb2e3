use serde_json::{Value, json};
use testkit::client::{Anonymous, Bearer};
use testkit::{Answer, TestStack, both};

use super::{of_visibility, titled};
use crate::written::Written;

const FORMS: [(&str, &str); 5] = [
    ("application/json", "application/json"),
    ("application/ld+json", "application/ld+json"),
    ("text/html", "text/html; charset=utf-8"),
    ("text/markdown", "text/markdown; charset=utf-8"),
    ("text/x-cooklang", "text/x-cooklang; charset=utf-8"),
];

fn stew() -> Value {
    serde_json::from_str(include_str!("../fixtures/kimchi-stew.json")).expect("the fixture is JSON")
}

fn soup() -> Value {
    json!({
        "title": "Soup *of* <the> day", "description": "Simple.\n# not a heading", "language": "en",
        "yield": { "raw": "4 servings", "quantity": "4", "unit": "servings" },
        "times": { "prep": 300, "cook": 5400, "total": 5700 },
        "ingredient_groups": [
            { "items": [
                "1 1/2 cups lentils, rinsed",
                { "raw": "1 bay leaf", "quantity": { "min": "1" }, "item": "bay leaf", "scaling": "fixed" },
            ] },
            { "title": "To serve", "items": ["salt to taste"] },
        ],
        "step_groups": [{ "items": ["Cook the lentils with the bay leaf @ 350°F ~ 1 hour.", "1. Eat -- with {salt}."] }],
        "tags": ["soup", "yes: quick"], "diets": ["VeganDiet"],
        "source": { "url": "https://example.com/?a=1&b=\"2\"", "author": "N. N." },
    })
}

async fn asked<'a>(
    stack: &TestStack,
    reader: impl Into<Bearer<'a>>,
    recipe: &Written,
    accept: &str,
) -> Answer {
    stack.recipes.get(&recipe.path()).bearer(reader).header("accept", accept).send().await
}

#[both]
async fn a_recipe_is_answered_in_the_form_that_is_wanted_most(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, of_visibility("국", "public")).await;
    for (accept, content_type) in FORMS {
        let answer = asked(&stack, Anonymous, &recipe, accept).await;
        answer.assert_status(200);
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("vary"), "Accept, Authorization, Cookie");
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.text().contains('국'), "{answer}");
    }
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, content_type) in [
        (browser, FORMS[2].1),
        ("*/*", FORMS[0].1),
        ("text/*", FORMS[2].1),
        ("text/markdown, text/*;q=0.5", FORMS[3].1),
        ("application/json;q=0, */*", FORMS[1].1),
        ("text/html;q=0, text/*", FORMS[3].1),
        ("application/ld+json; profile=\"x\", application/json;q=0.2", FORMS[1].1),
        ("text/html;q=2, text/x-cooklang;q=0.1", FORMS[4].1),
    ] {
        let answer = asked(&stack, Anonymous, &recipe, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{accept}");
    }
}

/// A tag names one form of one version, and a change may start from any of them.
#[both]
async fn every_form_has_a_tag_of_its_own(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, titled("국")).await;
    let recipe = crate::people::named(&stack, &session, &recipe).await;
    let mut tags = Vec::new();
    for (accept, _) in FORMS {
        let answer = asked(&stack, &session, &recipe, accept).await;
        let tag = answer.header("etag").to_owned();
        let call = stack.recipes.get(&recipe.path()).bearer(&session).header("accept", accept);
        let again = call.header("if-none-match", &tag).send().await;
        again.assert_status(304);
        assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0));
        tags.push(tag);
    }
    // Another form's tag is no reason not to answer.
    let call = stack.recipes.get(&recipe.path()).bearer(&session).header("accept", "text/html");
    call.header("if-none-match", &tags[0]).send().await.assert_status(200);
    let view = stack.recipes.get(&format!("{}?scale=2", recipe.path())).bearer(&session);
    tags.push(view.send().await.header("etag").to_owned());
    let distinct: std::collections::HashSet<&String> = tags.iter().collect();
    assert_eq!(distinct.len(), 6, "{tags:?}");
    let html = &tags[2];
    stack.replace_recipe(&session, &recipe.id, html, titled("찌개")).await.assert_status(200);
    stack.replace_recipe(&session, &recipe.id, html, titled("국")).await.assert_problem(412, "stale_version");
}

/// T190: nothing of a recipe becomes markup, and the page runs nothing.
#[both]
async fn the_printable_page_runs_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    for recipe in [stew(), soup()] {
        let recipe = Written::by(&stack, &session, recipe).await;

        let page = asked(&stack, &session, &recipe, "text/html").await;

        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let html = page.text();
        let lower = html.to_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("<b>") && !lower.contains("<the>"), "{html}");
        assert!(!lower.contains(" on") || !lower.contains("onerror="), "{html}");
        // The one style is the one that the policy names.
        let style = html.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, style.as_bytes());
        use base64::Engine;
        let hash = base64::prelude::BASE64_STANDARD.encode(hash);
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
        let attributes = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        for address in attributes {
            assert!(address.starts_with("https://"), "{address}");
        }
    }
}

#[both]
async fn the_page_says_all_that_one_cooks_by(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, soup()).await;

    let html = asked(&stack, &session, &recipe, "text/html").await.text();

    for text in [
        "<html lang=\"en\">",
        "<h1 itemprop=\"name\">Soup *of* &lt;the&gt; day</h1>",
        "<span itemprop=\"recipeYield\">4 servings</span>",
        "<time itemprop=\"cookTime\" datetime=\"PT5400S\">1 hour 30 minutes</time>",
        "<li itemprop=\"recipeIngredient\">1 1/2 cups lentils, rinsed</li>",
        "<h3>To serve</h3>",
        "Cook the lentils with the bay leaf @ 350°F ~ 1 hour.",
        "<a href=\"https://example.com/?a=1&amp;b=&quot;2&quot;\" rel=\"noopener noreferrer nofollow\">",
    ] {
        assert!(html.contains(text), "no {text} in {html}");
    }
}

#[both]
async fn json_ld_is_what_schema_org_says_and_the_whole_beside_it(stack: TestStack) {
    let session = stack.logged_in().await;
    for given in [stew(), soup()] {
        let recipe = Written::by(&stack, &session, given).await;

        let ld = asked(&stack, &session, &recipe, "application/ld+json").await.json();

        assert_eq!((&ld["@type"], &ld["name"]), (&json!("Recipe"), &recipe.body["title"]));
        assert_eq!(ld["@context"][0], "https://schema.org");
        let groups = recipe.body["ingredient_groups"].as_array().unwrap();
        let raws = groups.iter().flat_map(|group| group["items"].as_array().unwrap());
        let raws: Vec<&Value> = raws.map(|item| &item["raw"]).collect();
        assert_eq!(ld["recipeIngredient"], json!(raws));
        // A reader of ours has all of it again, to the letter.
        for (name, member) in ld["jipbap"]["document"].as_object().unwrap() {
            assert_eq!(*member, recipe.body[name], "{name}");
        }
        let draft = ld["jipbap"]["document"].clone();
        let again = Written::by(&stack, &session, draft).await;
        let twin = asked(&stack, &session, &again, "application/ld+json").await.json();
        for name in
            ["recipeIngredient", "recipeInstructions", "recipeYield", "keywords", "nutrition", "jipbap"]
        {
            assert_eq!(ld.get(name), twin.get(name), "{name}");
        }
    }
}

#[both]
async fn json_ld_of_a_soup(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, soup()).await;
    stack.keep_personal(&session, &recipe.id, json!({ "rating": 4 })).await.assert_status(200);

    let ld = asked(&stack, &session, &recipe, "application/ld+json").await.json();

    assert_eq!(
        (&ld["prepTime"], &ld["cookTime"], &ld["totalTime"]),
        (&json!("PT5M"), &json!("PT1H30M"), &json!("PT1H35M"))
    );
    assert_eq!(ld["suitableForDiet"], json!(["https://schema.org/VeganDiet"]));
    assert_eq!(ld["recipeYield"], "4 servings");
    assert_eq!(ld["author"], json!({ "@type": "Person", "name": "N. N." }));
    assert_eq!(
        ld["aggregateRating"],
        json!({ "@type": "AggregateRating", "ratingValue": 4.0, "ratingCount": 1 })
    );
    assert_eq!(ld["recipeInstructions"][0]["@type"], "HowToStep");
    assert_eq!(ld["recipeInstructions"].as_array().unwrap().len(), 2);
}

#[both]
async fn markdown_of_a_soup(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, soup()).await;

    let markdown = asked(&stack, &session, &recipe, "text/markdown").await.text();

    let expected = "---\n\
        title: Soup *of* <the> day\n\
        description: \"Simple. # not a heading\"\n\
        locale: en\n\
        servings: 4 servings\n\
        prep time: 5 minutes\n\
        cook time: 1 hour 30 minutes\n\
        time required: 1 hour 35 minutes\n\
        tags:\n  - soup\n  - \"yes: quick\"\n\
        diet:\n  - VeganDiet\n\
        source.url: 'https://example.com/?a=1&b=\"2\"'\n\
        source.author: N. N.\n\
        ---\n\n\
        # Soup \\*of\\* \\<the\\> day\n\n\
        Simple.\n\\# not a heading\n\n\
        ## Ingredients\n\n\
        - 1 1/2 cups lentils, rinsed\n\
        - 1 bay leaf\n\n\
        ### To serve\n\n\
        - salt to taste\n\n\
        ## Method\n\n\
        1. Cook the lentils with the bay leaf @ 350°F ~ 1 hour.\n\
        2. 1\\. Eat -- with {salt}.\n";
    assert_eq!(markdown, expected);
}

#[both]
async fn cooklang_of_a_soup(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, soup()).await;

    let cooklang = asked(&stack, &session, &recipe, "text/x-cooklang").await.text();

    let steps = cooklang.split("---\n").nth(2).unwrap();
    assert_eq!(
        steps,
        "\nCook the @lentils{3/2%cup}(rinsed) with the @bay leaf{=1} ＠ 350°F ～ 1 hour.\n\
         \n1. Eat — with ｛@salt{to taste}｝.\n"
    );
}

/// A link shows its recipe in every form, too.
#[both]
async fn a_link_leads_to_a_page(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, soup()).await;
    let made = stack.share_recipe(&session, &recipe.id, json!({})).await.json();
    let path = made["path"].as_str().unwrap();

    let page = stack.recipes.get(&format!("{path}?servings=8")).header("accept", "text/html").send().await;

    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("3 cup lentils, rinsed"), "{page}");
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
}
