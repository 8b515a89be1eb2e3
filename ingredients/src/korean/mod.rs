//! Lines in Korean: what it is and its amount, in either order, the amount often in parentheses.

mod candidates;
mod words;

use self::candidates::{Candidate, Said};
use self::words::VAGUE_PHRASES;
use crate::token::Token;
use crate::{Notes, Parsed, confidence, said};

pub fn parse(line: &str, tokens: &[Token]) -> Parsed {
    let line = Line::of(line, tokens);
    let found = candidates::find(tokens, &line.depths);
    match line.decisive(&found) {
        Some(decisive) => line.with_amount(&found, decisive),
        None => line.without_amount(),
    }
}

/// A line, and for each of its tokens whether it stands in parentheses.
struct Line<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    depths: Vec<bool>,
    /// Where the thing begins, behind a heading such as `주재료 :`.
    start: usize,
}

impl<'a> Line<'a> {
    fn of(text: &'a str, tokens: &'a [Token<'a>]) -> Self {
        let depths = in_parentheses(tokens);
        let heading = tokens.iter().zip(&depths).position(|(token, inside)| token.is_mark(":：>") && !inside);
        let start = heading.filter(|colon| colon + 1 < tokens.len()).map_or(0, |colon| colon + 1);
        Self { text, tokens, depths, start }
    }

    /// The amount that counts: outside of parentheses the one at the end, else the one at the beginning, else any;
    /// inside, the first behind a word, for what comes before all words is a heading such as `[2인분]`.
    fn decisive(&self, found: &[Candidate]) -> Option<usize> {
        let is_outside =
            |candidate: &Candidate| candidate.start >= self.start && !self.depths[candidate.start];
        let ends_line =
            |candidate: &Candidate| self.outside(candidate.end, self.tokens.len()).next().is_none();
        let begins_line = |candidate: &Candidate| self.outside(self.start, candidate.start).next().is_none();
        let follows_word = |candidate: &Candidate| self.outside(self.start, candidate.start).next().is_some();
        found
            .iter()
            .rposition(|candidate| is_outside(candidate) && ends_line(candidate))
            .or_else(|| found.iter().position(|candidate| is_outside(candidate) && begins_line(candidate)))
            .or_else(|| found.iter().rposition(is_outside))
            .or_else(|| found.iter().position(follows_word))
            .or_else(|| found.iter().position(|candidate| self.depths[candidate.start]))
    }

    /// The words and numbers between two tokens that stand outside of parentheses.
    fn outside(&self, start: usize, end: usize) -> impl Iterator<Item = usize> {
        (start..end)
            .filter(|at| !self.depths[*at] && (self.tokens[*at].is_word() || self.tokens[*at].is_number()))
    }

    fn with_amount(&self, found: &[Candidate], decisive: usize) -> Parsed {
        let amount = &found[decisive];
        let mut parsed = Parsed::default();
        let mut notes = Notes::default();
        self.note_heading(&mut notes);
        let (before, behind) = self.around(found, decisive, &mut notes);
        match (said(&before), said(&behind)) {
            (Some(item), preparation) => (parsed.item, parsed.preparation) = (Some(item), preparation),
            (None, item) => parsed.item = item,
        }
        amount.say(&mut parsed, &mut notes);
        self.note_parentheses(amount, &mut notes);
        parsed.optional = self.says_optional();
        parsed.note = notes.into_note();
        parsed
    }

    /// What stands before the amount and behind it, outside of parentheses. Another amount just before it is a note.
    fn around(&self, found: &[Candidate], decisive: usize, notes: &mut Notes) -> (String, String) {
        let amount = &found[decisive];
        let other = found[..decisive].iter().find(|other| {
            !self.depths[other.start] && self.outside(self.start, other.start).next().is_some()
        });
        let end = other.map_or(amount.start, |other| other.start);
        if end < amount.start {
            notes.add(&self.without_parentheses(end, amount.start));
        }
        let mut before = self.without_parentheses(self.start, end);
        before.push_str(amount.glued);
        let behind = self.without_parentheses(amount.end.max(self.start), self.tokens.len());
        (before, behind.strip_prefix("의 ").map(str::to_owned).unwrap_or(behind))
    }

    fn without_amount(&self) -> Parsed {
        let mut parsed = Parsed::default();
        let mut notes = Notes::default();
        self.note_heading(&mut notes);
        let text = self.without_parentheses(self.start, self.tokens.len());
        let vague = VAGUE_PHRASES.iter().find_map(|phrase| Some((text.find(phrase)?, *phrase)));
        let (item, confidence) = match vague {
            Some((at, phrase)) => {
                notes.add(phrase);
                let rest = &text[at + phrase.len()..];
                (said(&text[..at]).or_else(|| said(rest)), confidence::VAGUE)
            }
            None if self.tokens.is_empty() => (None, confidence::NOTHING),
            None if self.tokens.iter().any(Token::is_number) => (said(&text), confidence::UNREAD_NUMBER),
            None => (said(&text), confidence::NO_AMOUNT),
        };
        (parsed.item, parsed.confidence) = (item, confidence);
        self.note_inside(|_| true, &mut notes);
        parsed.optional = self.says_optional();
        parsed.note = notes.into_note();
        parsed
    }

    /// The text between two tokens, without what is in parentheses.
    fn without_parentheses(&self, start: usize, end: usize) -> String {
        let mut text = String::new();
        for at in (start..end).filter(|at| !self.depths[*at]) {
            let token = &self.tokens[at];
            if token.spaced && !text.is_empty() {
                text.push(' ');
            }
            if !token.is_mark("●○■□•·▶*-") || !text.is_empty() {
                text.push_str(token.text);
            }
        }
        text
    }

    fn note_heading(&self, notes: &mut Notes) {
        if self.start > 0 {
            notes.add(self.without_parentheses(0, self.start - 1).trim_start_matches(['●', '○', '■', '□']));
        }
    }

    /// What is in parentheses, without the amount that was taken from there.
    fn note_parentheses(&self, amount: &Candidate, notes: &mut Notes) {
        self.note_inside(|at| !(amount.start..amount.end).contains(&at), notes);
    }

    fn note_inside(&self, is_noted: impl Fn(usize) -> bool, notes: &mut Notes) {
        let mut text = String::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if !self.depths[at] || token.is_mark(CLOSING) {
                notes.add(&text);
                text.clear();
            } else if is_noted(at) && !token.is_mark(OPENING) {
                if token.spaced && !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(token.text);
            }
        }
        notes.add(&text);
    }

    fn says_optional(&self) -> Option<bool> {
        let says = ["생략가능", "생략 가능", "선택사항", "선택 사항", "(선택)"]
            .iter()
            .any(|word| self.text.contains(word));
        says.then_some(true)
    }
}

impl Candidate<'_> {
    /// Says the amount and how sure it is.
    fn say(&self, parsed: &mut Parsed, notes: &mut Notes) {
        match self.said {
            Said::Vague(words) => {
                notes.add(words);
                parsed.confidence = confidence::VAGUE;
            }
            Said::Number { quantity, unit, suffix } => {
                parsed.quantity = Some(quantity);
                parsed.unit = unit.map(|unit| words::unit(unit).to_owned());
                notes.add(suffix);
                let is_known = unit.is_some_and(|unit| words::code(unit).is_some());
                parsed.confidence = if is_known { confidence::KNOWN_UNIT } else { confidence::OWN_WORD };
            }
        }
    }
}

const OPENING: &str = "([{（【<";
const CLOSING: &str = ")]}）】";

/// For each token whether it stands in parentheses, or is one.
fn in_parentheses(tokens: &[Token]) -> Vec<bool> {
    let mut depth = 0_u32;
    let inside = |token: &Token| {
        let was_inside = depth > 0;
        if token.is_mark(OPENING) {
            depth += 1;
        } else if token.is_mark(CLOSING) {
            depth = depth.saturating_sub(1);
            return true;
        }
        was_inside || depth > 0
    };
    tokens.iter().map(inside).collect()
}
