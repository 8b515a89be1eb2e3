//! Everything in a line that may be its amount.

use super::words::{NUMERALS, cut_number, cut_suffix, cut_vague, is_counter, range};
use crate::amount::{self, Quantity};
use crate::rational::Rational;
use crate::token::{Kind, Token};

/// Tokens that say an amount.
pub struct Candidate<'a> {
    pub start: usize,
    pub end: usize,
    /// What its first word begins with that is not of the amount: `소금` of `소금적당량`.
    pub glued: &'a str,
    pub said: Said<'a>,
}

pub enum Said<'a> {
    Vague(&'a str),
    Number {
        quantity: Quantity,
        /// As it is written.
        unit: Option<&'a str>,
        /// What hangs on the unit.
        suffix: &'a str,
    },
}

/// In characters. A longer word behind a number is no unit.
const LONGEST_UNIT: usize = 12;

/// Finds them from left to right.
pub fn find<'a>(tokens: &[Token<'a>], depths: &[bool]) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some(end) = past_size(tokens, at) {
            at = end;
            continue;
        }
        match at_number(tokens, at).or_else(|| at_word(tokens, at)) {
            // An amount does not go over the edge of parentheses.
            Some(candidate) if depths[candidate.start] == depths[candidate.end - 1] => {
                at = candidate.end;
                found.push(candidate);
            }
            _ => at += 1,
        }
    }
    found
}

/// Where a size such as `5*5cm` or a date ends: neither is an amount.
fn past_size(tokens: &[Token], start: usize) -> Option<usize> {
    let joins = |token: &Token| token.is_mark("*×-") || matches!(token.text, "x" | "X");
    let mut end = start;
    while tokens.get(end)?.is_number()
        && tokens.get(end + 1).is_some_and(joins)
        && tokens.get(end + 2).is_some_and(|token| token.is_number() && !token.spaced)
    {
        end += 2;
    }
    let is_range = end == start + 2 && tokens[start + 1].kind == Kind::Mark('-');
    if end == start || is_range {
        return None;
    }
    let unit = tokens.get(end + 1).is_some_and(|token| token.is_word() && !token.spaced);
    Some(end + 1 + usize::from(unit))
}

/// A number in digits, or a number word before a counter.
fn at_number<'a>(tokens: &[Token<'a>], start: usize) -> Option<Candidate<'a>> {
    let first = &tokens[start];
    let (quantity, end) = match range(first.text) {
        Some((min, max)) => (Quantity { min, max: Some(max) }, start + 1),
        None => {
            let (quantity, used) = amount::quantity(&tokens[start..], &NUMERALS)?;
            (quantity, start + used)
        }
    };
    let counter = tokens.get(end).filter(|token| token.is_word());
    let is_unit = |token: &Token| {
        let hangs = !token.spaced && first.is_number() && token.text.chars().count() <= LONGEST_UNIT;
        hangs || is_counter(cut_suffix(token.text).0)
    };
    let glued = counter.filter(|token| is_unit(token));
    if glued.is_none() && first.is_word() {
        return None;
    }
    let Some(counter) = glued else {
        let said = Said::Number { quantity, unit: None, suffix: "" };
        return Some(Candidate { start, end, glued: "", said });
    };
    let (unit, suffix) = cut_suffix(counter.text);
    Some(with_half(
        tokens,
        Candidate { start, end: end + 1, glued: "", said: number(quantity, unit, suffix) },
    ))
}

fn number<'a>(quantity: Quantity, unit: &'a str, suffix: &'a str) -> Said<'a> {
    if unit == "씩" {
        return Said::Number { quantity, unit: None, suffix: unit };
    }
    Said::Number { quantity, unit: Some(unit), suffix }
}

/// `1컵 반`, `1컵반`: and a half.
fn with_half<'a>(tokens: &[Token<'a>], mut candidate: Candidate<'a>) -> Candidate<'a> {
    let Said::Number { quantity: Quantity { min, max: None }, unit: Some(unit), .. } = &mut candidate.said
    else {
        return candidate;
    };
    let glued = unit.strip_suffix('반').filter(|unit| is_counter(unit));
    let apart = tokens.get(candidate.end).is_some_and(|token| token.text == "반");
    if (glued.is_some() || apart)
        && let Some(sum) = min.plus(Rational::HALF)
    {
        *min = sum;
        *unit = glued.unwrap_or(unit);
        candidate.end += usize::from(glued.is_none());
    }
    candidate
}

/// A word that is vague, or a number and its counter in one.
fn at_word<'a>(tokens: &[Token<'a>], start: usize) -> Option<Candidate<'a>> {
    let word = tokens[start].text;
    let of = word.strip_suffix('의').unwrap_or(word);
    if let Some((glued, vague)) = cut_vague(of) {
        return Some(Candidate { start, end: start + 1, glued, said: Said::Vague(vague) });
    }
    let (number_word, counter) = cut_number(word)?;
    let quantity = match range(number_word) {
        Some((min, max)) => Quantity { min, max: Some(max) },
        None => Quantity { min: (NUMERALS.named)(number_word)?, max: None },
    };
    let (unit, suffix) = cut_suffix(counter);
    Some(with_half(
        tokens,
        Candidate { start, end: start + 1, glued: "", said: number(quantity, unit, suffix) },
    ))
}
