//! A line cut into numbers, words and marks.

use crate::rational::Rational;

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    /// As it stands in the line.
    pub text: &'a str,
    /// Where in the line, in bytes.
    pub at: usize,
    /// There is a blank before it, or it is the first.
    pub spaced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Number(Rational),
    Word,
    Mark(char),
}

impl Token<'_> {
    pub fn is_mark(&self, marks: &str) -> bool {
        matches!(self.kind, Kind::Mark(mark) if marks.contains(mark))
    }

    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number(_))
    }

    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// Cuts a line. Letters and digits part even without a blank: `200g` is a number and a word.
pub fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(16);
    let mut at = 0;
    let mut spaced = true;
    while let Some(first) = line[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            spaced = true;
            continue;
        }
        let rest = &line[at..];
        let (kind, length) = token(rest, first);
        tokens.push(Token { kind, text: &rest[..length], at, spaced });
        at += length;
        spaced = false;
    }
    tokens
}

/// What a text begins with, and how many bytes of it.
fn token(rest: &str, first: char) -> (Kind, usize) {
    if let Some((number, length)) = number(rest) {
        return (Kind::Number(number), length);
    }
    if digit(first).is_some() {
        // More digits than a number has here: none of its parts is one.
        let end =
            rest.find(|c: char| digit(c).is_none() && !matches!(c, '.' | ',' | '/')).unwrap_or(rest.len());
        return (Kind::Word, end);
    }
    if is_letter(first) {
        let end = rest.find(|c: char| !is_letter(c) && !is_apostrophe(c)).unwrap_or(rest.len());
        return (Kind::Word, end);
    }
    (Kind::Mark(first), first.len_utf8())
}

fn is_letter(c: char) -> bool {
    // The second range holds units in one character, such as ㎖.
    c.is_alphabetic() && vulgar(c).is_none() || matches!(c, '\u{3380}'..='\u{33df}' | '\u{300}'..='\u{36f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// A number in digits: `2`, `1,000`, `1.5`, `.25`, `3/4`, `½`.
fn number(text: &str) -> Option<(Rational, usize)> {
    let first = text.chars().next()?;
    if let Some((above, below)) = vulgar(first) {
        return Some((Rational::new(above, below)?, first.len_utf8()));
    }
    let mut whole = digits(text);
    if whole.length == 0 && !text.starts_with('.') {
        return None;
    }
    while let Some(group) = thousands(&text[whole.length..]) {
        whole = whole.followed_by(group, 1);
    }
    let rest = &text[whole.length..];
    if let Some(decimals) = decimals(rest) {
        let both = whole.followed_by(decimals, 1);
        return Some((Rational::new(both.value, 10_u64.checked_pow(decimals.count)?)?, both.length));
    }
    if whole.length == 0 {
        return None;
    }
    if let Some((below, length)) = denominator(rest)
        && let Some(fraction) = Rational::new(whole.value, below)
    {
        return Some((fraction, whole.length + length));
    }
    Some((Rational::new(whole.value, 1)?, whole.length))
}

/// A run of digits.
#[derive(Clone, Copy)]
struct Digits {
    value: u64,
    /// How many digits.
    count: u32,
    /// How many bytes.
    length: usize,
}

impl Digits {
    /// These and, behind a mark of so many bytes, more of the same number.
    fn followed_by(self, more: Self, mark: usize) -> Self {
        let value = self.value.saturating_mul(10_u64.saturating_pow(more.count)).saturating_add(more.value);
        Self { value, count: self.count + more.count, length: self.length + mark + more.length }
    }
}

fn digits(text: &str) -> Digits {
    let mut digits = Digits { value: 0, count: 0, length: 0 };
    for c in text.chars() {
        let Some(digit) = digit(c) else { break };
        digits.value = digits.value.saturating_mul(10).saturating_add(digit);
        digits.count += 1;
        digits.length += c.len_utf8();
    }
    digits
}

/// A digit, a wide one of East Asian text too.
fn digit(c: char) -> Option<u64> {
    match c {
        '0'..='9' => Some(u64::from(c) - u64::from('0')),
        '０'..='９' => Some(u64::from(c) - u64::from('０')),
        _ => None,
    }
}

/// `,000` behind the digits before it.
fn thousands(rest: &str) -> Option<Digits> {
    let group = digits(rest.strip_prefix(',')?);
    (group.count == 3).then_some(group)
}

/// `.5`, or `,5` as most of Europe writes it.
fn decimals(rest: &str) -> Option<Digits> {
    let behind = rest.strip_prefix(['.', ','])?;
    let decimals = digits(behind);
    let is_fraction = behind[decimals.length..].starts_with('/');
    (decimals.count > 0 && !is_fraction).then_some(decimals)
}

/// `/4`, or with U+2044.
fn denominator(rest: &str) -> Option<(u64, usize)> {
    let mark = rest.chars().next().filter(|c| matches!(c, '/' | '\u{2044}' | '／'))?;
    let below = digits(&rest[mark.len_utf8()..]);
    (below.count > 0).then_some((below.value, mark.len_utf8() + below.length))
}

/// A fraction in one character.
fn vulgar(c: char) -> Option<(u64, u64)> {
    Some(match c {
        '½' => (1, 2),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅙' => (1, 6),
        '⅚' => (5, 6),
        '⅐' => (1, 7),
        '⅑' => (1, 9),
        '⅒' => (1, 10),
        _ => return None,
    })
}
