//! Rules of a body that its types do not say: collected, so that a caller hears of all of them at once.

use std::borrow::Cow;
use std::fmt::Display;

use super::problem::FieldError;

/// A body with limits and rules.
pub trait Validate {
    /// How many bytes a body of this type may have.
    const MAX_BYTES: usize = 64 * 1024;

    /// Reports every rule that the value breaks.
    fn validate(&self, _invalid: &mut Invalid) {}
}

/// Collects the places of a body that break a rule.
#[derive(Debug, Default)]
pub struct Invalid {
    at: String,
    errors: Vec<FieldError>,
}

/// More would help nobody, and an answer should not be larger than its question.
const MOST_ERRORS: usize = 100;

impl Invalid {
    /// Reports what `check` finds as being inside the member or element `segment`.
    ///
    /// ```text
    /// for (n, group) in self.groups.iter().enumerate() {
    ///     invalid.within("groups", |invalid| invalid.within(n, |invalid| group.validate(invalid)));
    /// }
    /// ```
    pub fn within(&mut self, segment: impl Display, check: impl FnOnce(&mut Self)) {
        let outer = self.at.len();
        push_segment(&mut self.at, &segment.to_string());
        check(self);
        self.at.truncate(outer);
    }

    /// Reports a rule that the member or element `segment` breaks.
    pub fn add(&mut self, segment: impl Display, code: &'static str, detail: impl Into<Cow<'static, str>>) {
        self.report(segment, code, detail, Vec::new());
    }

    /// Reports a rule that the member breaks, with ways to do better.
    pub fn add_with_suggestions(
        &mut self,
        segment: impl Display,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
        suggestions: Vec<String>,
    ) {
        self.report(segment, code, detail, suggestions);
    }

    /// Reports a rule that the value itself breaks.
    pub fn add_here(&mut self, code: &'static str, detail: impl Into<Cow<'static, str>>) {
        self.push(FieldError::new(self.at.clone(), code, detail));
    }

    /// Reports a text with fewer or more characters than allowed (`too_short`, `too_long`).
    pub fn check_chars(&mut self, segment: impl Display, text: &str, least: usize, most: usize) {
        self.check_size(segment, text.chars().count(), least, most, "characters");
    }

    /// Reports a list with fewer or more elements than allowed (`too_short`, `too_long`).
    pub fn check_count(&mut self, segment: impl Display, count: usize, least: usize, most: usize) {
        self.check_size(segment, count, least, most, "elements");
    }

    fn check_size(&mut self, segment: impl Display, size: usize, least: usize, most: usize, unit: &str) {
        if size < least {
            self.add(segment, "too_short", format!("Needs at least {least} {unit}."));
        } else if size > most {
            self.add(segment, "too_long", format!("May have at most {most} {unit}."));
        }
    }

    fn report(
        &mut self,
        segment: impl Display,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
        suggestions: Vec<String>,
    ) {
        let mut pointer = self.at.clone();
        push_segment(&mut pointer, &segment.to_string());
        self.push(FieldError::new(pointer, code, detail).suggestions(suggestions));
    }

    fn push(&mut self, error: FieldError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was found.
    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}

/// Appends one reference token to a JSON Pointer (RFC 6901 §3).
pub(super) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    for character in segment.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
