//! The canonical cases of Cooklang's specification, version 7: the table is `tests/canonical.yaml` of
//! <https://github.com/cooklang/spec> (MIT, Copyright (c) 2021 Cooklang contributors) in another form.

use importer::cooklang::{Amount, Component, Item, parse};
use importer::front_matter::Entry;

/// What a case is about, its text, its steps and its metadata.
///
/// A step is its items: texts in quotes, `@name|amount|unit`, `#name|amount`, `~name|amount|unit`.
type Case = (&'static str, &'static str, &'static [&'static str], &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("basic direction", "Add a bit of chilli\n", &["\"Add a bit of chilli\""], ""),
    ("comments", "-- testing comments\n", &[], ""),
    ("comments after ingredients", "@thyme{2%sprigs} -- testing comments\nand some text\n", &["@thyme|2|sprigs \"  and some text\""], ""),
    ("comments with ingredients", "-- testing comments\n@thyme{2%sprigs}\n", &["@thyme|2|sprigs"], ""),
    ("directions with degrees", "Heat oven up to 200°C\n", &["\"Heat oven up to 200°C\""], ""),
    ("directions with numbers", "Heat 5L of water\n", &["\"Heat 5L of water\""], ""),
    ("direction with ingredient", "Add @chilli{3%items}, @ginger{10%g} and @milk{1%l}.\n", &["\"Add \" @chilli|3|items \", \" @ginger|10|g \" and \" @milk|1|l \".\""], ""),
    ("equipment multiple words", "Fry in #frying pan{}\n", &["\"Fry in \" #frying pan|1"], ""),
    ("equipment multiple words with leading number", "Fry in #7-inch nonstick frying pan{ }\n", &["\"Fry in \" #7-inch nonstick frying pan|1"], ""),
    ("equipment multiple words with spaces", "Fry in #frying pan{ }\n", &["\"Fry in \" #frying pan|1"], ""),
    ("equipment one word", "Simmer in #pan for some time\n", &["\"Simmer in \" #pan|1 \" for some time\""], ""),
    ("equipment quantity", "#frying pan{2}\n", &["#frying pan|2"], ""),
    ("equipment quantity one word", "#frying pan{three}\n", &["#frying pan|three"], ""),
    ("equipment quantity multiple words", "#frying pan{two small}\n", &["#frying pan|two small"], ""),
    ("fractions", "@milk{1/2%cup}\n", &["@milk|1/2|cup"], ""),
    ("fractions in directions", "knife cut about every 1/2 inches\n", &["\"knife cut about every 1/2 inches\""], ""),
    ("fractions like", "@milk{01/2%cup}\n", &["@milk|01/2|cup"], ""),
    ("fractions with spaces", "@milk{1 / 2 %cup}\n", &["@milk|1/2|cup"], ""),
    ("ingredient multiple words with leading number", "Top with @1000 island dressing{ }\n", &["\"Top with \" @1000 island dressing|some|"], ""),
    ("ingredient with emoji", "Add some @🧂\n", &["\"Add some \" @🧂|some|"], ""),
    ("ingredient explicit units", "@chilli{3%items}\n", &["@chilli|3|items"], ""),
    ("ingredient explicit units with spaces", "@chilli{ 3 % items }\n", &["@chilli|3|items"], ""),
    ("ingredient implicit units", "@chilli{3}\n", &["@chilli|3|"], ""),
    ("ingredient no units", "@chilli\n", &["@chilli|some|"], ""),
    ("ingredient no units not only string", "@5peppers\n", &["@5peppers|some|"], ""),
    ("ingredient with numbers", "@tipo 00 flour{250%g}\n", &["@tipo 00 flour|250|g"], ""),
    ("ingredient without stopper", "@chilli cut into pieces\n", &["@chilli|some| \" cut into pieces\""], ""),
    ("metadata", "---\nsourced: babooshka\n---\n", &[], "sourced=babooshka"),
    ("metadata break", "hello ---\nsourced: babooshka\n---\n", &["\"hello --- sourced: babooshka ---\""], ""),
    ("metadata multiword key", "---\ncooking time: 30 mins\n---\n", &[], "cooking time=30 mins"),
    ("metadata multiword key with spaces", "---\ncooking time    :30 mins\n---\n", &[], "cooking time=30 mins"),
    ("multi line directions", "Add a bit of chilli\n\nAdd a bit of hummus\n", &["\"Add a bit of chilli\"", "\"Add a bit of hummus\""], ""),
    ("multiple lines", "---\nPrep Time: 15 minutes\nCook Time: 30 minutes\n---\n", &[], "Prep Time=15 minutes, Cook Time=30 minutes"),
    ("multi word ingredient", "@hot chilli{3}\n", &["@hot chilli|3|"], ""),
    ("multi word ingredient no amount", "@hot chilli{}\n", &["@hot chilli|some|"], ""),
    ("mutiple ingredients without stopper", "@chilli cut into pieces and @garlic\n", &["@chilli|some| \" cut into pieces and \" @garlic|some|"], ""),
    ("quantity as text", "@thyme{few%sprigs}\n", &["@thyme|few|sprigs"], ""),
    ("quantity digital string", "@water{7 k }\n", &["@water|7 k|"], ""),
    ("servings", "---\nservings: 1|2|3\n---\n", &[], "servings=1|2|3"),
    ("slash in text", "Preheat the oven to 200℃/Fan 180°C.\n", &["\"Preheat the oven to 200℃/Fan 180°C.\""], ""),
    ("timer decimal", "Fry for ~{1.5%minutes}\n", &["\"Fry for \" ~|3/2|minutes"], ""),
    ("timer fractional", "Fry for ~{1/2%hour}\n", &["\"Fry for \" ~|1/2|hour"], ""),
    ("timer integer", "Fry for ~{10%minutes}\n", &["\"Fry for \" ~|10|minutes"], ""),
    ("timer with name", "Fry for ~potato{42%minutes}\n", &["\"Fry for \" ~potato|42|minutes"], ""),
    ("single word timer", "Let it ~rest after plating\n", &["\"Let it \" ~rest|| \" after plating\""], ""),
    ("single word timer with punctuation", "Let it ~rest, then serve\n", &["\"Let it \" ~rest|| \", then serve\""], ""),
    ("single word timer with unicode punctuation", "Let it ~rest⸫ then serve\n", &["\"Let it \" ~rest|| \"⸫ then serve\""], ""),
    ("timer with unicode whitespace", "Let it ~rest\u{2009}then serve\n", &["\"Let it \" ~rest|| \"\u{2009}then serve\""], ""),
    ("invalid multi word timer", "It is ~ {5}\n", &["\"It is ~ {5}\""], ""),
    ("invalid single word timer", "It is ~ 5\n", &["\"It is ~ 5\""], ""),
    ("single word ingredient with punctuation", "Add some @chilli, then serve\n", &["\"Add some \" @chilli|some| \", then serve\""], ""),
    ("single word ingredient with unicode punctuation", "Add @chilli⸫ then bake\n", &["\"Add \" @chilli|some| \"⸫ then bake\""], ""),
    ("ingredient with unicode whitespace", "Add @chilli\u{2009}then bake\n", &["\"Add \" @chilli|some| \"\u{2009}then bake\""], ""),
    ("invalid multi word ingredient", "Message @ example{}\n", &["\"Message @ example{}\""], ""),
    ("invalid single word ingredient", "Message me @ example\n", &["\"Message me @ example\""], ""),
    ("single word cookware with punctuation", "Place in #pot, then boil\n", &["\"Place in \" #pot|1 \", then boil\""], ""),
    ("single word cookware with unicode punctuation", "Place in #pot⸫ then boil\n", &["\"Place in \" #pot|1 \"⸫ then boil\""], ""),
    ("cookware with unicode whitespace", "Add to #pot\u{2009}then boil\n", &["\"Add to \" #pot|1 \"\u{2009}then boil\""], ""),
    ("invalid multi word cookware", "Recipe # 10{}\n", &["\"Recipe # 10{}\""], ""),
    ("invalid single word cookware", "Recipe # 5\n", &["\"Recipe # 5\""], ""),
];

fn shown(item: &Item) -> String {
    match item {
        Item::Text(text) => format!("\"{text}\""),
        Item::Ingredient(component) => {
            format!("@{}|{}|{}", component.name, amount(component, "some"), unit(component))
        }
        Item::Cookware(component) => format!("#{}|{}", component.name, amount(component, "1")),
        Item::Timer(component) => {
            format!("~{}|{}|{}", component.name, amount(component, ""), unit(component))
        }
    }
}

fn amount(component: &Component, absent: &str) -> String {
    match &component.amount {
        Amount::None => absent.to_owned(),
        Amount::Number(number) => number.to_string(),
        Amount::Range(min, max) => format!("{min}-{max}"),
        Amount::Text(text) => text.clone(),
    }
}

fn unit(component: &Component) -> &str {
    component.unit.as_deref().unwrap_or_default()
}

fn said(entry: &Entry) -> String {
    match entry {
        Entry::One(text) => text.clone(),
        Entry::Several(list) => list.join(", "),
    }
}

#[test]
fn all_canonical_cases_are_read_as_the_specification_has_them() {
    assert!(CASES.len() >= 57);
    for (name, source, steps, metadata) in CASES {
        let parsed = parse(source);
        let read: Vec<String> = parsed
            .sections
            .iter()
            .flat_map(|section| &section.steps)
            .map(|items| items.iter().map(shown).collect::<Vec<_>>().join(" "))
            .collect();
        let entries = parsed.metadata.entries.iter();
        let entries: Vec<String> = entries.map(|(name, entry)| format!("{name}={}", said(entry))).collect();
        assert_eq!(read, *steps, "{name}");
        assert_eq!(entries.join(", "), *metadata, "{name}");
    }
}
