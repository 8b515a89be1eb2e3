//! Texts that mean harm: nothing panics, everything is within the limits, and no page takes a second.

use std::sync::mpsc::channel;
use std::time::Duration;

use importer::{Format, import};
use proptest::prelude::*;

const FORMATS: [Format; 5] = [Format::Html, Format::JsonLd, Format::Text, Format::Markdown, Format::Cooklang];

const SEEDS: [&str; 6] = [
    r##"<html lang="en"><script type="application/ld+json">{"@graph": [{"@type": "Recipe", "@id": "#r", "name": "Stew &amp; <b>x</b>", "recipeYield": "4-6 servings",
       "recipeIngredient": ["1 1/2 cups water", {"@type": "PropertyValue", "value": 2}], "totalTime": "PT1H30M", "recipeInstructions": [{"@type": "HowToSection",
       "name": "a", "itemListElement": [{"@type": "HowToStep", "text": "Boil."}]}], "author": {"@id": "#r"}}]}</script><div class="tasty-recipes-ingredients"><h4>For</h4><ul><li>1 1/2 cups water<li>2</ul></div>"##,
    r#"<div itemscope itemtype="https://schema.org/Recipe"><h1 itemprop="name">Stew</h1><ul><li itemprop="recipeIngredient">1 cup <i>water</i></ul><p itemprop="recipeInstructions">Boil.</div>"#,
    "두부찌개\n4인분\n[재료] 두부 1모, 대파 1대\n●양념장 : 간장 1큰술\n<만드는 법>\n1. 썬다.\n③ 끓인다.\n팁: x",
    "---\ntags: [a, b]\nsource:\n  url: https://example.org\n---\n# Stew\n## Ingredients\n- 2 cups water\n## Method\n1. Boil.\n",
    "---\ntitle: Stew\nservings: 1|2\n---\n>> a: b\n= S =\nBoil @water{1 1/2%l}(hot) in #pot{} ~{10%minutes} -- x\n[- y -] @?salt{=1%tsp}\n> note",
    r#"{"@type": "Recipe", "name": "The "best"", "recipeIngredient": ["a",], /* x */ "recipeInstructions": "Boil.\'"}"#,
];

/// A seed with bytes taken away, doubled and exchanged for those that mean something.
fn mutated() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "<", ">", "\"", "{", "}", "[", "]", "&#x0;", "\\", "@", "~", "\n", "-", "\0", "½", "가", "\u{301}",
        "](", "<li", "</", "--", "://", "%",
    ]);
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, marks), 0..12);
    (prop::sample::select(SEEDS.to_vec()), edits).prop_map(|(seed, edits)| {
        let mut characters: Vec<char> = seed.chars().collect();
        for (at, removed, mark) in edits {
            let at = at.index(characters.len().max(1)).min(characters.len());
            let end = (at + removed).min(characters.len());
            characters.splice(at..end, mark.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn no_text_makes_a_reader_panic(text in mutated(), format in prop::sample::select(FORMATS.to_vec())) {
        if let Ok(imported) = import(&text, format, None) {
            prop_assert!(!imported.recipe.title.trim().is_empty());
            prop_assert!(imported.recipe.says_something());
        }
    }

    #[test]
    fn no_noise_makes_a_reader_panic(text in "\\PC{0,200}", format in prop::sample::select(FORMATS.to_vec())) {
        let _ = import(&text, format, None);
    }

    /// The same text is read in the same way.
    #[test]
    fn a_text_is_read_alike_twice(text in mutated(), format in prop::sample::select(FORMATS.to_vec())) {
        prop_assert_eq!(import(&text, format, None), import(&text, format, None));
    }
}

/// As large as may be sent in a test that is not optimised; the figure for the real bound is one of the benchmark.
const SIZE: usize = 256 * 1024;

/// What costs a careless reader the square of its length. Each of these would take minutes.
#[test]
fn hostile_texts_cost_no_more_than_their_length() {
    let repeated = |unit: &str| unit.repeat(SIZE / unit.len());
    let numbered = |unit: &dyn Fn(usize) -> String| (0..SIZE / 12).map(unit).collect::<String>();
    let deep = format!("<script type='application/ld+json'>{}", "[".repeat(SIZE));
    let itself = r##"{"@graph": [{"@type": "Recipe", "name": "x", "recipeIngredient": [{"@id": "#a"}]}, {"@id": "#a", "name": "##.to_owned()
        + &format!("[{}\"y\"]}}]}}", r##"{"@id": "#a"},"##.repeat(SIZE / 20));
    let texts = [
        numbered(&|number| format!("<b a{number}=1>")) + &repeated("<p>"),
        format!("<div {}>", numbered(&|number| format!("a{number} "))),
        numbered(&|number| format!("<x{number}>")),
        repeated("<div>"),
        repeated("<li><ul>"),
        repeated("</div>"),
        repeated("<div itemscope itemtype='https://schema.org/Recipe' itemprop='a'>x"),
        repeated("<div itemscope itemtype='https://schema.org/Recipe' itemprop='a b c d'>x"),
        format!("{}{}", "<i itemprop=recipeIngredient>".repeat(150), repeated("x ")),
        format!("{}{}", "<i itemprop='a b c d'>".repeat(150), repeated("x ")),
        repeated("<a&"),
        repeated("&amp;"),
        deep,
        itself,
        repeated("{\"a\": \""),
        repeated(" ,"),
        repeated("\"\" "),
        repeated("/*"),
        repeated("@a{"),
        repeated("@a{}("),
        repeated("#{"),
        repeated("[-"),
        repeated("---\n"),
        repeated("[●"),
        repeated("- ["),
        repeated("`a"),
        repeated("*a_"),
        repeated("> > "),
        repeated("1. a\n"),
        repeated("재료\n"),
        repeated("재료: [a] 물 1컵, 소금 약간\n"),
    ];
    for (at, text) in texts.into_iter().enumerate() {
        for format in FORMATS {
            let text = text.clone();
            let (done, is_done) = channel();
            std::thread::spawn(move || done.send(import(&text, format, None).is_ok()));
            let within = is_done.recv_timeout(Duration::from_secs(20));
            assert!(within.is_ok(), "text {at} as {format:?}: {within:?}");
        }
    }
}

#[test]
fn more_than_the_bound_is_not_read() {
    let recipe = "Tea\nIngredients\n1 bag tea\nMethod\n1. Steep.\n";
    let text = recipe.to_owned() + &" ".repeat(importer::MAX_BYTES - recipe.len());
    assert!(import(&text, Format::Text, None).is_ok());
    assert!(import(&(text + " "), Format::Text, None).is_err());
}
