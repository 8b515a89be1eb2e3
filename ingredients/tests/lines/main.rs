//! Lines of ingredients as people write them.

mod english;
mod korean;
mod numbers;
mod odd;

use ingredients::{Parsed, parse};

/// The amount as text: `3/2`, `2-3`, or nothing.
fn amount(parsed: &Parsed) -> String {
    let quantity = parsed.quantity.as_ref();
    quantity.map_or_else(String::new, |quantity| match quantity.max {
        Some(max) => format!("{}-{max}", quantity.min),
        None => quantity.min.to_string(),
    })
}

/// What is said, an empty text where nothing is.
fn text(part: &Option<String>) -> &str {
    part.as_deref().unwrap_or_default()
}

/// Checks of each line its amount, its unit and what it is an amount of.
#[track_caller]
fn assert_read(lines: &[(&str, &str, &str, &str)]) {
    for (line, wanted, unit, item) in lines {
        let parsed = parse(line, None);
        let read = (amount(&parsed), text(&parsed.unit), text(&parsed.item));
        assert_eq!(read, ((*wanted).to_owned(), *unit, *item), "{line}: {parsed:?}");
    }
}
