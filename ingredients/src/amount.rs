//! Amounts: mixed numbers and ranges.

use crate::rational::Rational;
use crate::token::{Kind, Token};

/// An amount, or a range from `min` to `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub min: Rational,
    pub max: Option<Rational>,
}

/// The words for numbers of a language.
pub struct Numerals {
    /// A number by its name.
    pub named: fn(&str) -> Option<Rational>,
    /// Between a whole number and a fraction: `1 and 1/2`, `1과1/2`.
    pub and: &'static [&'static str],
    /// Between the ends of a range.
    pub to: &'static [&'static str],
}

/// The marks between the ends of a range.
const DASHES: &str = "-–—~∼〜～";

/// Reads the amount that `tokens` begin with, and how many tokens it takes.
pub fn quantity(tokens: &[Token], numerals: &Numerals) -> Option<(Quantity, usize)> {
    let (min, used) = mixed(tokens, numerals)?;
    Some(match range_end(&tokens[used..], min, numerals) {
        Some((max, more)) => (Quantity { min, max: Some(max) }, used + more),
        None => (Quantity { min, max: None }, used),
    })
}

/// `2`, `1 1/2`, `1½`, `1-1/2`, `1+1/2`, `1 and 1/2`.
fn mixed(tokens: &[Token], numerals: &Numerals) -> Option<(Rational, usize)> {
    let whole = number(tokens.first()?, numerals)?;
    let alone = Some((whole, 1));
    if !whole.is_whole() {
        return alone;
    }
    let joins = |token: &Token| token.is_mark("-+&") || token.is_word() && numerals.and.contains(&token.text);
    let skipped = usize::from(tokens.get(1).is_some_and(joins));
    // `One ½-inch slice` is one that is half an inch thick.
    if skipped == 0 && tokens[0].is_word() {
        return alone;
    }
    let fraction = tokens.get(1 + skipped).and_then(|token| number(token, numerals));
    let sum = fraction.filter(|fraction| fraction.is_proper_fraction()).and_then(|part| whole.plus(part));
    match sum {
        Some(sum) => Some((sum, 2 + skipped)),
        None => alone,
    }
}

/// Behind its beginning, the end of a range that goes up: `- 2`, `to 2`, `- to 2`. `12-ounce` is none.
fn range_end(tokens: &[Token], min: Rational, numerals: &Numerals) -> Option<(Rational, usize)> {
    let dash = usize::from(tokens.first()?.is_mark(DASHES));
    let word = usize::from(tokens.get(dash).is_some_and(|token| numerals.to.contains(&token.text)));
    let between = dash + word;
    if between == 0 {
        return None;
    }
    let (max, used) = mixed(&tokens[between..], numerals)?;
    (max > min).then_some((max, between + used))
}

fn number(token: &Token, numerals: &Numerals) -> Option<Rational> {
    match token.kind {
        Kind::Number(number) => Some(number),
        Kind::Word => (numerals.named)(token.text),
        Kind::Mark(_) => None,
    }
}
