use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Rational;
use crate::domain::ingredient::Quantity;

/// Which units amounts are seen in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Units {
    Metric,
    Us,
}

/// What a unit measures, and how much of it: in thousandths of a gram, or in millionths of a millilitre.
enum Measure {
    Mass(u64),
    Volume(u64),
}

/// The units of one kind, largest first: its code, how much it is, from how many on it is used, and to which part of it
/// an amount is rounded. (A kitchen's scales and spoons have no finer marks.)
struct Step {
    unit: &'static str,
    size: u64,
    from: u64,
    part: (u64, u64),
}

const fn step(unit: &'static str, size: u64, from: u64, part: (u64, u64)) -> Step {
    Step { unit, size, from, part }
}

const GRAM: u64 = 1_000;
const OUNCE: u64 = 28_350;
const POUND: u64 = 16 * OUNCE;
const ML: u64 = 1_000_000;
/// A US cup is 236.5882365 ml.
const CUP: u64 = 236_588_237;
const TBSP: u64 = CUP / 16;
const TSP: u64 = CUP / 48;

const METRIC_MASS: [Step; 4] = [
    step("kg", 1_000 * GRAM, 1_000 * GRAM, (1, 20)),
    step("g", GRAM, 100 * GRAM, (5, 1)),
    step("g", GRAM, 10 * GRAM, (1, 1)),
    step("g", GRAM, 0, (1, 2)),
];
const METRIC_VOLUME: [Step; 4] = [
    step("l", 1_000 * ML, 1_000 * ML, (1, 20)),
    step("ml", ML, 100 * ML, (5, 1)),
    step("ml", ML, 10 * ML, (1, 1)),
    step("ml", ML, 0, (1, 2)),
];
const US_MASS: [Step; 3] =
    [step("lb", POUND, POUND, (1, 8)), step("oz", OUNCE, OUNCE, (1, 4)), step("oz", OUNCE, 0, (1, 8))];
const US_VOLUME: [Step; 4] = [
    step("quart", 4 * CUP, 8 * CUP, (1, 4)),
    step("cup", CUP, CUP / 4, (1, 12)),
    step("tbsp", TBSP, TBSP, (1, 2)),
    step("tsp", TSP, 0, (1, 8)),
];

impl Units {
    /// An amount in these units. None: it is in them already, or in one that belongs to no system, such as a spoon.
    pub fn of(self, quantity: &Quantity, unit: &str) -> Option<(Quantity, &'static str)> {
        let (measure, of) = measure(unit)?;
        if of == self {
            return None;
        }
        let (size, steps): (u64, &[Step]) = match (measure, self) {
            (Measure::Mass(size), Self::Metric) => (size, &METRIC_MASS),
            (Measure::Mass(size), Self::Us) => (size, &US_MASS),
            (Measure::Volume(size), Self::Metric) => (size, &METRIC_VOLUME),
            (Measure::Volume(size), Self::Us) => (size, &US_VOLUME),
        };
        // A range stays in one unit: that of its beginning.
        let least = quantity.min.parts();
        let least = u64::from(least.0).checked_mul(size)? / u64::from(least.1);
        let step = steps.iter().find(|step| least >= step.from)?;
        let min = rounded(quantity.min, size, step)?;
        let max = match quantity.max {
            Some(max) => Some(rounded(max, size, step)?),
            None => None,
        };
        Some((Quantity { min, max }, step.unit))
    }
}

/// The nearest whole number of a step's parts, and never nothing.
fn rounded(amount: Rational, size: u64, step: &Step) -> Option<Rational> {
    let (above, below) = amount.parts();
    let (part, parts) = step.part;
    let above = u128::from(above) * u128::from(size) * u128::from(parts);
    let below = u128::from(below) * u128::from(step.size) * u128::from(part);
    let count = u64::try_from((2 * above + below) / (2 * below)).ok()?;
    let count = if amount.is_zero() { 0 } else { count.max(1) };
    Rational::new(count.checked_mul(part)?, parts)
}

fn measure(unit: &str) -> Option<(Measure, Units)> {
    use Measure::{Mass, Volume};
    Some(match unit {
        "g" => (Mass(GRAM), Units::Metric),
        "kg" => (Mass(1_000 * GRAM), Units::Metric),
        "oz" => (Mass(OUNCE), Units::Us),
        "lb" => (Mass(POUND), Units::Us),
        "ml" => (Volume(ML), Units::Metric),
        "cl" => (Volume(10 * ML), Units::Metric),
        "dl" => (Volume(100 * ML), Units::Metric),
        "l" => (Volume(1_000 * ML), Units::Metric),
        "cup_kr" => (Volume(200 * ML), Units::Metric),
        "cup" => (Volume(CUP), Units::Us),
        "fl_oz" => (Volume(CUP / 8), Units::Us),
        "pint" => (Volume(2 * CUP), Units::Us),
        "quart" => (Volume(4 * CUP), Units::Us),
        "gallon" => (Volume(16 * CUP), Units::Us),
        _ => return None,
    })
}

/// A unit's code as a word.
pub fn word(unit: &str, is_korean: bool) -> &str {
    match (unit, is_korean) {
        ("tbsp", true) => "큰술",
        ("tsp", true) => "작은술",
        ("cup" | "cup_kr", true) => "컵",
        ("piece", true) => "개",
        ("cup_kr", false) => "cup (200 ml)",
        ("fl_oz", _) => "fl oz",
        (unit, _) => unit,
    }
}
