//! A recipe seen otherwise than it was written: for more people, in other units. Nothing of it is kept.

mod temperature;
mod units;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use self::units::Units;
use super::document::Document;
use super::ids::PartId;
use super::ingredient::{Ingredient, Quantity, Scaling};
use super::rational::Rational;

/// How a recipe is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct View {
    pub amount: Option<Amount>,
    pub units: Option<Units>,
}

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Amount {
    /// For so many servings.
    Servings(Rational),
    /// So many times what was written.
    Times(Rational),
}

/// Why a recipe cannot be seen so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// It does not say for how many it is.
    NoServings,
    /// An amount would take more than nine digits.
    TooLarge,
}

/// A recipe as it is wanted, and its lines where they differ from what was written.
#[derive(Clone, Debug)]
pub struct Viewed {
    pub document: Document,
    lines: HashMap<PartId, String>,
    serves: Option<String>,
}

/// A positive amount: `6`, `3/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Positive(pub Rational);

impl TryFrom<String> for Positive {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Rational::parse(&text).filter(|amount| !amount.is_zero()).map(Self).ok_or("not a positive fraction")
    }
}

impl View {
    /// As it was written.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Sees a recipe so. Amounts that do not scale stay, and so does what no amount is known of.
    pub fn of(self, document: Document) -> Result<Viewed, Unseen> {
        let mut viewed = Viewed { document, lines: HashMap::new(), serves: None };
        if let Some(factor) = self.factor(&viewed.document)? {
            viewed.scale(factor)?;
        }
        if let Some(units) = self.units {
            viewed.convert(units);
        }
        Ok(viewed)
    }

    fn factor(self, document: &Document) -> Result<Option<Rational>, Unseen> {
        match self.amount {
            None => Ok(None),
            Some(Amount::Times(factor)) => Ok(Some(factor)),
            Some(Amount::Servings(servings)) => {
                let written = document.r#yield.as_ref().and_then(|it| it.quantity).filter(|it| !it.is_zero());
                let written = written.ok_or(Unseen::NoServings)?;
                servings.divided_by(written).map(Some).ok_or(Unseen::TooLarge)
            }
        }
    }
}

impl Viewed {
    /// An ingredient's line, with the amounts that it has here.
    pub fn line<'a>(&'a self, item: &'a Ingredient) -> &'a str {
        self.lines.get(&item.id).unwrap_or(&item.raw)
    }

    /// How much comes of it here.
    pub fn serves(&self) -> Option<&str> {
        self.serves.as_deref().or(self.document.r#yield.as_ref().map(|it| it.raw.as_str()))
    }

    /// Exact, so that to scale twice is to scale by the product.
    fn scale(&mut self, factor: Rational) -> Result<(), Unseen> {
        if let Some(it) = &mut self.document.r#yield {
            it.quantity = scaled(it.quantity, factor)?;
            it.quantity_max = scaled(it.quantity_max, factor)?;
            let unit = it.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            self.serves = it.quantity.map(|min| format!("{}{unit}", range(min, it.quantity_max)));
        }
        for item in items(&mut self.document).filter(|item| item.scaling == Scaling::Linear) {
            let Some(quantity) = &mut item.quantity else { continue };
            quantity.min = quantity.min.times(factor).ok_or(Unseen::TooLarge)?;
            quantity.max = scaled(quantity.max, factor)?;
            self.lines.insert(item.id, line(item));
        }
        Ok(())
    }

    fn convert(&mut self, units: Units) {
        for item in items(&mut self.document) {
            let (Some(quantity), Some(unit)) = (&item.quantity, &item.unit) else { continue };
            let Some((quantity, unit)) = units.of(quantity, unit) else { continue };
            (item.quantity, item.unit) = (Some(quantity), Some(unit.to_owned()));
            self.lines.insert(item.id, line(item));
        }
        for step in self.document.step_groups.iter_mut().flat_map(|group| &mut group.items) {
            step.text = temperature::converted(&step.text, units);
        }
    }
}

fn items(document: &mut Document) -> impl Iterator<Item = &mut Ingredient> {
    document.ingredient_groups.iter_mut().flat_map(|group| &mut group.items)
}

fn scaled(amount: Option<Rational>, factor: Rational) -> Result<Option<Rational>, Unseen> {
    amount.map(|amount| amount.times(factor).ok_or(Unseen::TooLarge)).transpose()
}

/// A line of what is known of an ingredient, in the order in which it was written: 두부 200g, or 1 1/2 cups flour.
fn line(item: &Ingredient) -> String {
    let amount = amount(item);
    let Some(name) = &item.item else { return format!("{amount} ({})", item.raw) };
    let begins_with_amount = item.raw.trim_start().starts_with(|c: char| c.is_numeric());
    let mut line = if begins_with_amount { format!("{amount} {name}") } else { format!("{name} {amount}") };
    if let Some(preparation) = &item.preparation {
        line.push_str(&format!(", {preparation}"));
    }
    if let Some(note) = &item.note {
        line.push_str(&format!(" ({note})"));
    }
    line
}

fn amount(item: &Ingredient) -> String {
    let Some(Quantity { min, max }) = &item.quantity else { return String::new() };
    let is_korean = item.raw.chars().any(|c| ('가'..='힣').contains(&c));
    match item.unit.as_deref() {
        None => range(*min, *max),
        Some("piece") if !is_korean => range(*min, *max),
        Some(unit) => {
            let blank = if is_korean { "" } else { " " };
            let write = if matches!(unit, "g" | "kg" | "ml" | "cl" | "dl" | "l") { decimal } else { mixed };
            format!("{}{blank}{}", written(*min, *max, write), units::word(unit, is_korean))
        }
    }
}

/// `1 1/2`, `2–3`.
fn range(min: Rational, max: Option<Rational>) -> String {
    written(min, max, mixed)
}

fn written(min: Rational, max: Option<Rational>, write: fn(Rational) -> String) -> String {
    match max {
        Some(max) if max != min => format!("{}–{}", write(min), write(max)),
        _ => write(min),
    }
}

/// As scales and jugs show it, where three decimal places hold it: `1.35`.
fn decimal(amount: Rational) -> String {
    let (above, below) = amount.parts();
    if 1_000 % below != 0 {
        return mixed(amount);
    }
    let thousandths = u64::from(above) * u64::from(1_000 / below);
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A fraction as people write it: `1 1/2`.
fn mixed(amount: Rational) -> String {
    let (above, below) = amount.parts();
    match (above / below, above % below) {
        (whole, 0) => whole.to_string(),
        (0, _) => amount.to_string(),
        (whole, rest) => format!("{whole} {rest}/{below}"),
    }
}
