//! What follows the amount: the thing itself, what is done to it, and remarks.

use super::Reader;
use super::words::{is_manner, is_preparation, is_size, may_follow, unit};
use crate::said;
use crate::token::Token;

/// Words that begin a remark rather than go on about the thing.
const REMARKS: [&str; 14] = [
    "to taste",
    "as needed",
    "for ",
    "plus ",
    "such as",
    "preferably",
    "if ",
    "or to taste",
    "at room",
    "divided",
    "about ",
    "optional",
    "see ",
    "per ",
];

/// Words within the thing's own part that begin a remark.
const BREAKS: [&str; 8] = [
    " to taste",
    " as needed",
    " for garnish",
    " for serving",
    " for dusting",
    " for frying",
    " plus ",
    " such as ",
];

impl Reader<'_> {
    /// Reads what is left: up to the first comma the thing, behind it what is done to it, in parentheses remarks.
    pub(super) fn rest(&mut self) {
        let mut parts = Vec::new();
        while self.next < self.tokens.len() {
            if self.tokens[self.next].is_mark("(") {
                self.note_parentheses();
                continue;
            }
            parts.push(self.part());
            self.next += usize::from(self.peek(0).is_some_and(|token| token.is_mark(",;")));
        }
        self.say_if_optional();
        let mut parts = parts.into_iter();
        if self.parsed.item.is_none() {
            let thing = parts.by_ref().find(|(start, end)| start < end);
            thing.into_iter().for_each(|(start, end)| self.thing(start, end));
        }
        parts.for_each(|(start, end)| self.aside(start, end));
    }

    /// Goes to the next comma or parenthesis, and answers the tokens up to there.
    fn part(&mut self) -> (usize, usize) {
        let start = self.next;
        let ends = |token: &Token| token.is_mark(",;(") || token.is_mark("–—-") && token.spaced;
        let length = self.tokens[start..].iter().skip(1).position(ends);
        let first_ends = self.tokens[start].is_mark(",;");
        self.next =
            if first_ends { start } else { length.map_or(self.tokens.len(), |length| start + 1 + length) };
        (start, self.next)
    }

    /// The thing, without what is done to it first: `finely chopped fresh basil` is basil that is fresh.
    fn thing(&mut self, start: usize, end: usize) {
        let mut start = start;
        let done = self.done_first(start, end);
        if done > 0 {
            let line = self.line;
            self.prepare(&line[self.tokens[start].at..self.tokens[start + done - 1].end()]);
            start += done;
        }
        let end = self.unit_behind(start, end);
        let text = &self.line[self.tokens[start].at..self.tokens[end - 1].end()];
        let cut = BREAKS.iter().filter_map(|remark| text.find(remark)).min().unwrap_or(text.len());
        self.notes.add(&text[cut..]);
        self.parsed.item = said(&text[..cut]);
    }

    /// How many words say what is done, if a thing follows them.
    fn done_first(&self, start: usize, end: usize) -> usize {
        let words = &self.tokens[start..end];
        let run =
            words.iter().take_while(|token| is_preparation(token.text) || is_manner(token.text)).count();
        let last = words[..run].iter().rposition(|token| is_preparation(token.text));
        last.map_or(0, |last| last + 1).min(words.len().saturating_sub(1))
    }

    /// Takes the unit of `2 garlic cloves` off, and answers where the thing ends.
    fn unit_behind(&mut self, start: usize, end: usize) -> usize {
        if self.parsed.quantity.is_none() || self.parsed.unit.is_some() || end < start + 2 {
            return end;
        }
        let (noun, last) = (&self.tokens[end - 2], &self.tokens[end - 1]);
        let is_thing = noun.is_word() && !is_size(noun.text);
        match unit(last.text).filter(|unit| is_thing && may_follow(unit, noun.text)) {
            Some(unit) => {
                self.parsed.unit = Some(unit.to_owned());
                end - 1
            }
            None => end,
        }
    }

    /// What stands behind a comma.
    fn aside(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        let text = &self.line[self.tokens[start].at..self.tokens[end - 1].end()];
        let begins =
            |remark: &&str| text.get(..remark.len()).is_some_and(|head| head.eq_ignore_ascii_case(remark));
        if REMARKS.iter().any(begins) {
            self.notes.add(text);
        } else {
            self.prepare(text);
        }
    }

    fn prepare(&mut self, text: &str) {
        let Some(text) = said(text) else { return };
        let preparation = &mut self.parsed.preparation;
        *preparation = Some(match preparation.take() {
            Some(before) => format!("{before}, {text}"),
            None => text,
        });
    }

    fn say_if_optional(&mut self) {
        let says = self.tokens.iter().any(|token| token.text.eq_ignore_ascii_case("optional"));
        self.parsed.optional = says.then_some(true);
    }
}
