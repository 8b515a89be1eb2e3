use recipe_service::domain::document::Document;
use recipe_service::domain::rational::Rational;
use recipe_service::domain::view::{Amount, Units, Unseen, View};
use serde_json::{Value, json};

use super::accept;

fn document(items: Value, steps: Value) -> Document {
    let draft = json!({
        "title": "국", "yield": { "raw": "2인분", "quantity": "2", "unit": "인분" },
        "ingredient_groups": [{ "items": items }], "step_groups": [{ "items": steps }],
    });
    accept(draft).expect("the draft is in order")
}

fn times(factor: &str) -> View {
    let factor = Rational::parse(factor).expect("a factor");
    View { amount: Some(Amount::Times(factor)), units: None }
}

fn in_units(units: Units) -> View {
    View { amount: None, units: Some(units) }
}

/// The lines of a document's ingredients as they are seen.
fn lines(document: &Document, view: View) -> Vec<String> {
    let viewed = view.of(document.clone()).expect("it can be seen so");
    let items = viewed.document.ingredient_groups.iter().flat_map(|group| &group.items);
    items.map(|item| viewed.line(item).to_owned()).collect()
}

/// A step's text as it is seen.
fn step(text: &str, units: Units) -> String {
    let viewed = in_units(units).of(document(json!([]), json!([text]))).expect("it can be seen so");
    viewed.document.step_groups[0].items[0].text.clone()
}

#[test]
fn scaling_twice_is_scaling_by_the_product() {
    let document = document(json!(["두부 1/3모", "간장 1~2큰술", "flour 7/11 cup"]), json!([]));
    let text = |document: &Document| document.to_text().expect("it is small");
    for (first, second, both) in
        [("3/2", "2/3", "1"), ("7", "1/7", "1"), ("5/3", "9/10", "3/2"), ("1/9", "1/11", "1/99")]
    {
        let once = times(first).of(document.clone()).unwrap().document;
        let twice = times(second).of(once).unwrap().document;
        assert_eq!(
            text(&twice),
            text(&times(both).of(document.clone()).unwrap().document),
            "{first} × {second}"
        );
    }
}

#[test]
fn lines_are_written_in_the_order_that_they_had() {
    let document = document(
        json!(["두부 200g", "1 1/2 cups flour, sifted", "간장 2큰술", "소금 약간", "2-3 eggs"]),
        json!([]),
    );
    assert_eq!(
        lines(&document, times("2")),
        ["두부 400g", "3 cup flour, sifted", "간장 4큰술", "소금 약간", "4–6 eggs"]
    );
    // What is not seen otherwise is as it was written.
    assert_eq!(lines(&document, View::default())[1], "1 1/2 cups flour, sifted");
}

#[test]
fn amounts_are_seen_as_a_kitchen_measures_them() {
    let metric = |line: &str| lines(&document(json!([line]), json!([])), in_units(Units::Metric)).remove(0);
    assert_eq!(metric("1 lb beef"), "455 g beef");
    assert_eq!(metric("3 lb beef"), "1.35 kg beef");
    assert_eq!(metric("1 oz yeast"), "28 g yeast");
    assert_eq!(metric("2 cups milk"), "475 ml milk");
    assert_eq!(metric("1 tbsp oil"), "1 tbsp oil");
    assert_eq!(metric("2 eggs"), "2 eggs");
    let us = |line: &str| lines(&document(json!([line]), json!([])), in_units(Units::Us)).remove(0);
    assert_eq!(us("500g flour"), "1 1/8 lb flour");
    assert_eq!(us("100 g sugar"), "3 1/2 oz sugar");
    assert_eq!(us("240 ml milk"), "1 cup milk");
    assert_eq!(us("5 ml vanilla"), "1 tsp vanilla");
    // However little it is, it is not nothing.
    assert_eq!(us("1 g saffron"), "1/8 oz saffron");
}

#[test]
fn seeing_in_the_same_units_again_changes_nothing() {
    let document =
        document(json!(["500g flour", "3 cups milk", "2 lb beef", "1 l water"]), json!(["At 350°F."]));
    for units in [Units::Metric, Units::Us] {
        let once = in_units(units).of(document.clone()).unwrap().document;
        let twice = in_units(units).of(once.clone()).unwrap().document;
        assert_eq!(once.to_text().unwrap(), twice.to_text().unwrap());
    }
}

#[test]
fn temperatures_of_steps_are_converted() {
    for (fahrenheit, celsius) in [
        ("Bake at 350°F.", "Bake at 175°C."),
        ("Bake at 350 °F.", "Bake at 175°C."),
        ("Bake at 350F for 30 min", "Bake at 175°C for 30 min"),
        ("350 degrees Fahrenheit", "175°C"),
        ("350 degrees F, covered", "175°C, covered"),
        ("at 350-375°F", "at 175–190°C"),
        ("until it has 165°F", "until it has 74°C"),
        ("450℉", "230°C"),
        ("화씨 350도", "175°C"),
    ] {
        assert_eq!(step(fahrenheit, Units::Metric), celsius);
    }
    for (celsius, fahrenheit) in [
        ("오븐을 180도로 예열한다", "오븐을 355°F로 예열한다"),
        ("180℃에서 20분", "355°F에서 20분"),
        ("at 180C", "at 355°F"),
        ("at 63 °C", "at 145°F"),
        ("170~180℃", "340–355°F"),
        ("섭씨 180도", "355°F"),
    ] {
        assert_eq!(step(celsius, Units::Us), fahrenheit);
    }
}

#[test]
fn what_is_no_temperature_stays() {
    for text in [
        "350°F (175°C)",
        "2 c flour, 1 f pan",
        "Add 2 C of milk",
        "1,350 F",
        "B350F",
        "1234°F",
        "vitamin C 3",
        "30분, 1.5컵, 1/2 C",
        "step 4. Cut",
        "도 180",
        "",
    ] {
        assert_eq!(step(text, Units::Metric), text);
    }
    assert_eq!(step("350°F (175°C)", Units::Us), "350°F (175°C)");
}

#[test]
fn an_amount_that_is_too_large_is_refused() {
    let document = document(json!(["999999999 g salt"]), json!([]));
    assert_eq!(times("2").of(document.clone()).unwrap_err(), Unseen::TooLarge);
    assert!(times("1/2").of(document).is_ok());
}
