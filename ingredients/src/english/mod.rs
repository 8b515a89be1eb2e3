//! Lines in English: the amount first, its unit, then what it is an amount of.

mod rest;
mod words;

use self::words::{NUMERALS, is_code, is_hedge, is_length, is_measure, is_size, may_lack_a_number, unit};
use crate::amount::{self, Quantity};
use crate::rational::Rational;
use crate::token::Token;
use crate::{Notes, Parsed, confidence};

pub fn parse(line: &str, tokens: &[Token]) -> Parsed {
    let mut reader = Reader { line, tokens, next: 0, notes: Notes::default(), parsed: Parsed::default() };
    reader.skip_bullet();
    reader.lead();
    if !(reader.amount() || reader.bare_unit() || reader.amount_of_a_part() || reader.amount_behind()) {
        reader.say_no_amount();
    }
    reader.rest();
    reader.finish()
}

/// The way through a line, from its left to its right.
struct Reader<'a> {
    line: &'a str,
    tokens: &'a [Token<'a>],
    next: usize,
    notes: Notes,
    parsed: Parsed,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.next + ahead)
    }

    fn is_word(&self, ahead: usize, words: &[&str]) -> bool {
        self.peek(ahead).is_some_and(|token| words.iter().any(|word| token.text.eq_ignore_ascii_case(word)))
    }

    fn skip_bullet(&mut self) {
        while self.peek(0).is_some_and(|token| token.is_mark("-*•●·▪–—+○■□◦[]")) {
            self.next += 1;
        }
    }

    /// `about`, `a scant`: words before an amount.
    fn lead(&mut self) {
        let hedges =
            self.tokens.iter().take_while(|token| is_hedge(token.text) || token.is_mark("~")).count();
        let number = self.tokens.get(hedges).is_some_and(|token| self.begins_amount(token));
        if hedges > 0 && number {
            self.note_until(hedges);
        }
    }

    fn begins_amount(&self, token: &Token) -> bool {
        token.is_number() || (NUMERALS.named)(token.text).is_some() || is_article(token)
    }

    /// An amount right here: a number, a unit, and what belongs to both.
    fn amount(&mut self) -> bool {
        let Some(quantity) = self.quantity() else { return false };
        self.parsed.quantity = Some(quantity);
        self.sizes();
        self.unit();
        true
    }

    fn quantity(&mut self) -> Option<Quantity> {
        if let Some(one) = self.article() {
            return Some(one);
        }
        let (quantity, used) = amount::quantity(&self.tokens[self.next..], &NUMERALS)?;
        let is_half = self.is_word(0, &["half"]);
        self.next += used;
        if is_half {
            // Half of one: `half a lemon`, `half of an onion`.
            self.next += usize::from(self.is_word(0, &["of"]));
            self.next += usize::from(self.peek(0).is_some_and(is_article));
        }
        Some(self.dozens(quantity))
    }

    /// `a cup`, `a dozen`: an article counts before what is counted. A pinch is no number.
    fn article(&mut self) -> Option<Quantity> {
        if !self.peek(0).is_some_and(is_article) {
            return None;
        }
        if self.is_word(1, &["half"]) || self.peek(1).is_some_and(Token::is_number) {
            self.next += 1;
            return self.quantity();
        }
        let sizes = self.sizes_ahead(1);
        let unit = self.unit_at(1 + sizes).filter(|(unit, _)| !may_lack_a_number(unit));
        if unit.is_none() && !self.is_word(1, &["dozen"]) {
            return None;
        }
        self.next += 1;
        Some(self.dozens(Quantity { min: 1.into(), max: None }))
    }

    fn dozens(&mut self, quantity: Quantity) -> Quantity {
        if !self.is_word(0, &["dozen"]) {
            return quantity;
        }
        self.next += 1;
        let twelve = Rational::from(12);
        Quantity {
            min: quantity.min.times(twelve).unwrap_or(quantity.min),
            max: quantity.max.and_then(|max| max.times(twelve)),
        }
    }

    /// What one of several is like: `(6 ounce)`, `28-ounce`, `x 400g/14oz`.
    fn sizes(&mut self) {
        let by = usize::from(self.peek(0).is_some_and(|token| matches!(token.text, "x" | "X" | "×")));
        if self.peek(by).is_some_and(|token| token.is_number() && token.spaced || by > 0 && token.is_number())
        {
            self.next += by;
            self.note_measures();
        } else {
            self.next += by;
        }
        if self.peek(0).is_some_and(|token| token.is_mark("(")) && self.container_behind_parentheses() {
            self.note_parentheses();
        }
    }

    /// True where a unit or a thing follows the parentheses here, as in `1 (6 ounce) can`.
    fn container_behind_parentheses(&self) -> bool {
        self.peek(1).is_some_and(Token::is_number) || self.peek(1).is_some_and(|token| is_hedge(token.text))
    }

    fn unit(&mut self) {
        let hyphen = usize::from(self.peek(0).is_some_and(|token| token.is_mark("-") && !token.spaced));
        let sizes = self.sizes_ahead(hyphen);
        let Some((unit, used)) = self.unit_at(hyphen + sizes) else { return };
        let start = self.next + hyphen;
        self.note_between(start, start + sizes);
        self.next = start + sizes + used;
        self.parsed.unit = Some(unit.to_owned());
        if is_measure(unit) {
            self.end_of_range(unit);
            self.other_measures();
            self.container();
        }
        self.more();
        self.next += usize::from(self.is_word(0, &["of"]));
    }

    /// `110ml-150ml`: a range whose beginning has the unit too.
    fn end_of_range(&mut self, of: &str) {
        let Some(Quantity { min, max: None }) = self.parsed.quantity else { return };
        let spans = self.peek(0).is_some_and(|token| token.is_mark("-–—")) || self.is_word(0, &["to"]);
        if !spans {
            return;
        }
        let Some((end, used)) = amount::quantity(&self.tokens[self.next + 1..], &NUMERALS) else { return };
        let Some((_, unit)) = self.unit_at(1 + used).filter(|(unit, _)| *unit == of) else { return };
        if end.min > min {
            self.parsed.quantity = Some(Quantity { min, max: Some(end.min) });
            self.next += 1 + used + unit;
        }
    }

    /// The same amount in other units: `/7oz`, `/1lb 2oz`.
    fn other_measures(&mut self) {
        if self.peek(0).is_some_and(|token| token.is_mark("/")) && self.peek(1).is_some_and(Token::is_number)
        {
            self.next += 1;
            self.note_measures();
        } else if self.peek(0).is_some_and(|token| token.is_number() && token.spaced) {
            self.note_measures();
        }
    }

    /// `1 cup plus 2 tablespoons`: what comes on top is noted.
    fn more(&mut self) {
        let adds = self.is_word(0, &["plus"]) || self.peek(0).is_some_and(|token| token.is_mark("+"));
        if adds && self.peek(1).is_some_and(Token::is_number) {
            let start = self.next;
            self.next += 1;
            self.skip_measures();
            self.note_between(start, self.next);
        }
    }

    /// What the measured is in: `400g can tomatoes`.
    fn container(&mut self) {
        let long = self.peek(0).is_some_and(|token| token.is_mark("-") && !token.spaced)
            && self.is_word(1, &["thick", "long", "wide"]);
        let start = 2 * usize::from(long);
        let sizes = self.sizes_ahead(start);
        if let Some((_, used)) = self.unit_at(start + sizes) {
            self.note_until(self.next + start + sizes + used);
        }
    }

    fn note_measures(&mut self) {
        let start = self.next;
        self.skip_measures();
        self.note_between(start, self.next);
    }

    /// Goes past amounts and their units for as long as they go on.
    fn skip_measures(&mut self) {
        while let Some((_, used)) = amount::quantity(&self.tokens[self.next..], &NUMERALS) {
            self.next += used;
            self.next += usize::from(self.peek(0).is_some_and(|token| token.is_mark("-")));
            let measures = |unit: &str| is_measure(unit) || matches!(unit, "cup" | "tbsp" | "tsp");
            if let Some((_, used)) = self.unit_at(0).filter(|(unit, _)| measures(unit)) {
                self.next += used;
            }
            let slash = self.peek(0).is_some_and(|token| token.is_mark("/"));
            let goes_on = slash && self.peek(1).is_some_and(Token::is_number);
            self.next += usize::from(goes_on);
        }
    }

    /// A unit without a number: `pinch of salt`, `a large handful parsley`, `a few sprigs`.
    fn bare_unit(&mut self) -> bool {
        let article = usize::from(self.peek(0).is_some_and(is_article));
        let few = usize::from(self.is_word(article, &["few", "couple", "several"]));
        let of = usize::from(few > 0 && self.is_word(article + few, &["of"]));
        let words = article + few + of;
        let sizes = self.sizes_ahead(words);
        let Some((unit, used)) = self.unit_at(words + sizes) else { return false };
        let is_followed = self.peek(words + sizes + used).is_some_and(Token::is_word);
        if !(may_lack_a_number(unit) || few > 0) || !is_followed {
            return false;
        }
        self.note_until(self.next + words + sizes);
        self.next += used;
        self.next += usize::from(self.is_word(0, &["of"]));
        self.parsed.unit = Some(unit.to_owned());
        self.parsed.confidence = confidence::VAGUE;
        true
    }

    /// `juice of 2 lemons`: an amount of what the part is of.
    fn amount_of_a_part(&mut self) -> bool {
        let words = self.tokens[self.next..].iter().take(8).take_while(|token| token.is_word()).count();
        let counts = |token: &Token| token.is_number() || (NUMERALS.named)(token.text).is_some();
        let counted =
            |of: &usize| self.is_word(*of, &["of", "from"]) && self.peek(of + 1).is_some_and(counts);
        let Some(of) = (1..words).find(counted) else { return false };
        let part = &self.line[self.tokens[self.next].at..self.tokens[self.next + of].end()];
        self.next += of + 1;
        self.parsed.preparation = Some(part.to_owned());
        self.amount()
    }

    /// `Butter 100g`: the amount at the end, in a unit that is known.
    fn amount_behind(&mut self) -> bool {
        let start = self.next;
        let is_end = |token: Option<&Token>| token.is_none_or(|token| token.is_mark("(,;"));
        for at in start + 1..self.tokens.len() {
            if self.tokens[at].is_mark("(") {
                break;
            }
            let Some((quantity, used)) = amount::quantity(&self.tokens[at..], &NUMERALS) else { continue };
            self.next = at + used;
            let unit = self.unit_at(0).filter(|(unit, _)| is_code(unit));
            if let Some((unit, used)) = unit.filter(|(_, used)| is_end(self.peek(*used))) {
                self.next += used;
                self.parsed.quantity = Some(quantity);
                self.parsed.unit = Some(unit.to_owned());
                self.parsed.item = crate::said(&self.line[self.tokens[start].at..self.tokens[at].at]);
                return true;
            }
        }
        self.next = start;
        false
    }

    fn say_no_amount(&mut self) {
        let has_number = self.tokens.iter().any(Token::is_number);
        let is_empty = self.tokens.is_empty();
        self.parsed.confidence = match (is_empty, has_number) {
            (true, _) => confidence::NOTHING,
            (false, true) => confidence::UNREAD_NUMBER,
            (false, false) => confidence::NO_AMOUNT,
        };
    }

    /// How many words of size stand there before a unit.
    fn sizes_ahead(&self, ahead: usize) -> usize {
        let rest = &self.tokens[(self.next + ahead).min(self.tokens.len())..];
        let is_size = |token: &&Token| is_size(token.text) || token.is_mark("-") && !token.spaced;
        rest.iter().take_while(is_size).count()
    }

    /// The unit there, and how many tokens it takes.
    fn unit_at(&self, ahead: usize) -> Option<(&'static str, usize)> {
        let word = self.peek(ahead).filter(|token| token.is_word())?;
        let dot = |behind: usize| {
            usize::from(self.peek(behind).is_some_and(|token| token.is_mark(".") && !token.spaced))
        };
        if ["fl", "fluid"].iter().any(|fluid| word.text.eq_ignore_ascii_case(fluid)) {
            let ounce = ahead + 1 + dot(ahead + 1);
            let is_ounce = self.peek(ounce).is_some_and(|token| unit(token.text) == Some("oz"));
            return is_ounce.then(|| ("fl_oz", ounce + 1 + dot(ounce + 1) - ahead));
        }
        let unit = unit(word.text)?;
        // Neither T-bone nor rib-eye. (`2-inch-long` is a length.)
        let is_compound = self.peek(ahead + 1).is_some_and(|token| token.is_mark("-") && !token.spaced)
            && self.peek(ahead + 2).is_some_and(|token| token.is_word() && !token.spaced);
        (!is_compound || is_length(unit)).then(|| (unit, 1 + dot(ahead + 1)))
    }

    fn note_until(&mut self, end: usize) {
        self.note_between(self.next, end);
        self.next = end;
    }

    fn note_between(&mut self, start: usize, end: usize) {
        if start < end {
            self.notes.add(&self.line[self.tokens[start].at..self.tokens[end - 1].end()]);
        }
    }

    fn note_parentheses(&mut self) {
        let close = self.tokens[self.next..].iter().position(|token| token.is_mark(")"));
        let end = close.map_or(self.tokens.len(), |close| self.next + close);
        self.note_between(self.next + 1, end);
        self.next = (end + 1).min(self.tokens.len());
    }

    fn finish(mut self) -> Parsed {
        self.parsed.note = self.notes.into_note();
        if self.parsed.item.is_none() && self.parsed.unit.as_deref() == Some("clove") {
            // The spice.
            self.parsed.item = self.parsed.unit.take();
        }
        if self.parsed.quantity.is_some() {
            let unit = self.parsed.unit.as_deref();
            let is_known = unit.is_some_and(is_code);
            self.parsed.confidence = if is_known { confidence::KNOWN_UNIT } else { confidence::OWN_WORD };
        }
        self.parsed
    }
}

fn is_article(token: &Token) -> bool {
    matches!(token.text, "a" | "an" | "A" | "An")
}
