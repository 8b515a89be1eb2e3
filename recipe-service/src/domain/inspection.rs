use std::collections::HashSet;
use std::fmt;

use url::Url;

use super::ids::PartId;
use super::json::FreeObject;
use super::language::is_language_tag;
use super::rational::Rational;

/// A place of a document that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON Pointer (RFC 6901) into the document.
    pub pointer: String,
    /// Which rule, for programs.
    pub code: &'static str,
    /// The rule in a sentence, for people.
    pub detail: String,
}

/// Beyond this many a document is not looked at further: nobody reads them, and each costs bytes.
const MAX_VIOLATIONS: usize = 100;

/// The way of a draft into a document: it walks the draft, notes every violation with its place, and keeps what is in order.
///
/// A value that broke a rule is passed on all the same, or left out where its type could not say it: such a document
/// never leaves [`Draft::accept`](super::draft::Draft::accept).
pub struct Inspection<'a> {
    place: String,
    violations: Vec<Violation>,
    part_ids: HashSet<PartId>,
    new_id: &'a mut dyn FnMut() -> PartId,
}

impl<'a> Inspection<'a> {
    /// Begins at the top of a document. Ids of parts that have none come from `new_id`.
    pub fn new(new_id: &'a mut dyn FnMut() -> PartId) -> Self {
        Self { place: String::new(), violations: Vec::new(), part_ids: HashSet::new(), new_id }
    }

    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    /// Notes that the member `name` of the present place breaks a rule.
    pub fn refuse(&mut self, name: impl fmt::Display, code: &'static str, detail: impl Into<String>) {
        if self.violations.len() < MAX_VIOLATIONS {
            let pointer = format!("{}/{name}", self.place);
            self.violations.push(Violation { pointer, code, detail: detail.into() });
        }
    }

    /// Goes into the member or element `step` for as long as `walk` takes.
    pub fn within<T>(&mut self, step: impl fmt::Display, walk: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.place.len();
        self.place.push_str(&format!("/{step}"));
        let found = walk(self);
        self.place.truncate(outside);
        found
    }

    /// Walks every element of the list `name`.
    pub fn each<T, U>(
        &mut self,
        name: &str,
        list: Vec<T>,
        mut walk: impl FnMut(&mut Self, T) -> U,
    ) -> Vec<U> {
        self.within(name, |inspection| {
            let elements = list.into_iter().enumerate();
            elements.map(|(index, element)| inspection.within(index, |here| walk(here, element))).collect()
        })
    }

    /// Checks that a list has at most `max` elements.
    pub fn at_most(&mut self, name: &str, count: usize, max: usize) {
        if count > max {
            self.refuse(name, "too_long", format!("May have at most {max} elements."));
        }
    }

    /// Takes a text of at most `max` characters.
    pub fn text(&mut self, name: impl fmt::Display, text: String, max: usize) -> String {
        if text.contains('\0') {
            self.refuse(&name, "nul", "May not contain the character U+0000.");
        }
        if text.len() > max && text.chars().count() > max {
            self.refuse(&name, "too_long", format!("May have at most {max} characters."));
        }
        text
    }

    pub fn optional_text(&mut self, name: &str, text: Option<String>, max: usize) -> Option<String> {
        text.map(|text| self.text(name, text, max))
    }

    /// Takes a text that must be there; it may be empty.
    pub fn needed_text(&mut self, name: &str, text: Option<String>, max: usize) -> String {
        if text.is_none() {
            self.refuse(name, "missing_member", "Is required.");
        }
        self.text(name, text.unwrap_or_default(), max)
    }

    /// Takes a text that must be there and say something.
    pub fn telling_text(&mut self, name: &str, text: Option<String>, max: usize) -> String {
        if text.as_deref().is_some_and(is_blank) {
            self.refuse(name, "too_short", "Must not be blank.");
        }
        self.needed_text(name, text, max)
    }

    /// Takes a list of at most `max` words, none of them blank.
    pub fn words(&mut self, name: &str, words: Vec<String>, max: usize, max_chars: usize) -> Vec<String> {
        self.at_most(name, words.len(), max);
        self.within(name, |here| {
            let words = words.into_iter().enumerate();
            words.map(|(index, word)| here.word(index, word, max_chars)).collect()
        })
    }

    fn word(&mut self, index: usize, word: String, max_chars: usize) -> String {
        if is_blank(&word) {
            self.refuse(index, "too_short", "Must not be blank.");
        }
        self.text(index, word, max_chars)
    }

    /// Takes a number of seconds.
    pub fn seconds(&mut self, name: &str, seconds: Option<i64>) -> Option<u32> {
        let seconds = seconds?;
        let in_range = u32::try_from(seconds).ok().filter(|seconds| *seconds <= MAX_SECONDS);
        if in_range.is_none() {
            self.refuse(name, "out_of_range", format!("Must be between 0 and {MAX_SECONDS} seconds."));
        }
        in_range
    }

    /// Takes a language tag.
    pub fn language(&mut self, name: &str, tag: Option<String>) -> Option<String> {
        if tag.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            self.refuse(name, "not_a_language", "Must be a language tag (BCP 47), such as ko or en-US.");
        }
        tag
    }

    pub fn rational(&mut self, name: &str, text: Option<String>) -> Option<Rational> {
        let text = text?;
        let rational = Rational::parse(&text);
        if rational.is_none() {
            self.refuse(
                name,
                "not_a_quantity",
                "Must be a whole number or a fraction of two, such as 2 or 3/2.",
            );
        }
        rational
    }

    /// Checks that a range does not end before it begins.
    pub fn range(&mut self, name: &str, min: Option<Rational>, max: Option<Rational>) {
        if min.zip(max).is_some_and(|(min, max)| max < min) {
            self.refuse(name, "out_of_range", "May not be less than where the range begins.");
        }
    }

    /// Takes an address of the web.
    pub fn web_address(&mut self, name: &str, address: Option<String>) -> Option<String> {
        let address = self.optional_text(name, address, MAX_ADDRESS_CHARS)?;
        // Addresses are shown as links: others than these could run as scripts.
        let is_web =
            Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_web {
            self.refuse(name, "not_a_web_address", "Must be an absolute http or https address.");
        }
        Some(address)
    }

    /// Takes an object of any members, of at most `max` bytes as JSON.
    pub fn free_object(&mut self, name: &str, object: Option<FreeObject>, max: usize) -> Option<FreeObject> {
        let object = object?;
        let bytes = serde_json::to_vec(&object).expect("BUG: a JSON object does not serialise").len();
        if bytes > max {
            self.refuse(name, "too_large", format!("May have at most {max} bytes as JSON."));
        }
        if object.has_nul() {
            self.refuse(name, "nul", "May not contain the character U+0000.");
        }
        Some(object)
    }

    /// Takes the id of a part, or makes one.
    pub fn part_id(&mut self, given: Option<String>) -> PartId {
        let Some(given) = given else {
            return self.new_part_id();
        };
        let Ok(id) = given.parse::<PartId>() else {
            self.refuse("id", "not_an_id", "Must be a UUID in its hyphenated form.");
            return self.new_part_id();
        };
        if !self.part_ids.insert(id) {
            self.refuse("id", "duplicate_id", "Must be unique in the document.");
        }
        id
    }

    /// Takes the ids of parts that the document has so far.
    pub fn part_references(&mut self, name: &str, references: Vec<String>, max: usize) -> Vec<PartId> {
        self.at_most(name, references.len(), max);
        self.within(name, |here| {
            let references = references.into_iter().enumerate();
            references.filter_map(|(index, reference)| here.part_reference(index, &reference)).collect()
        })
    }

    fn part_reference(&mut self, index: usize, reference: &str) -> Option<PartId> {
        let known = reference.parse::<PartId>().ok().filter(|id| self.part_ids.contains(id));
        if known.is_none() {
            self.refuse(index, "unknown_reference", "Must be the id of an ingredient of this document.");
        }
        known
    }

    fn new_part_id(&mut self) -> PartId {
        let id = (self.new_id)();
        self.part_ids.insert(id);
        id
    }
}

/// 366 days: the longest anyone waits for a recipe, in seconds.
const MAX_SECONDS: u32 = 366 * 24 * 60 * 60;

const MAX_ADDRESS_CHARS: usize = 2_048;

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
