//! How much comes of a recipe.

use crate::plain::one_line;
use crate::recipe::Yield;

/// Reads `4 servings`, `Serves 4-6`, `2-3인분`, `about 24 cookies`: the first amount, and what it is of.
pub fn read_yield(raw: &str) -> Option<Yield> {
    let raw = one_line(raw);
    let start = raw.find(|c: char| c.is_ascii_digit() || "½¼¾⅓⅔".contains(c));
    let Some(start) = start else {
        return (!raw.is_empty()).then(|| Yield { raw, ..Yield::default() });
    };
    let parsed = ingredients::parse(&raw[start..], None);
    let unit = parsed.unit.or(parsed.item).filter(|unit| unit.chars().count() <= MAX_UNIT_CHARS);
    Some(Yield {
        quantity: parsed.quantity.map(|quantity| quantity.min.to_string()),
        quantity_max: parsed.quantity.and_then(|quantity| quantity.max).map(|max| max.to_string()),
        unit: unit.filter(|_| parsed.quantity.is_some()),
        raw,
    })
}

const MAX_UNIT_CHARS: usize = 100;
