//! Reads lines of ingredients as people write them: `1 1/2 cups flour, sifted`, `돼지고기 200g(1/2모)`, `약간의 소금`.
//!
//! Nothing is guessed: what a line does not say stays `None`, what it says vaguely keeps its words as a note, and an
//! amount is the exact fraction that was written. The line itself is not touched.
//!
//! Each language has a grammar over the same [tokens](token) and [amounts](amount), and its own tables of words.
//! Nothing backtracks over more than one line, so a line costs its length.

mod amount;
mod english;
mod korean;
mod rational;
mod token;

pub use amount::Quantity;
pub use rational::Rational;

/// What a line says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub quantity: Option<Quantity>,
    /// A code where the unit is known (`g`, `tbsp`, `cup_kr`), else the unit's own word (`모`, `bunch`).
    pub unit: Option<String>,
    /// What it is an amount of.
    pub item: Option<String>,
    /// What is done to it before.
    pub preparation: Option<String>,
    /// What else the line says: vague amounts, other amounts, sizes.
    pub note: Option<String>,
    /// True where the line says so.
    pub optional: Option<bool>,
    /// How sure this is, from 0 to 1: less for a unit that is not known and for a line without an amount.
    pub confidence: f32,
}

/// Reads one line. `language` is a language tag (BCP 47), and decides where the line itself does not.
///
/// A line with a syllable of Hangul is Korean whatever the recipe says that it is: people mix.
pub fn parse(line: &str, language: Option<&str>) -> Parsed {
    let tokens = token::tokens(line);
    if has_hangul(line) || language.is_some_and(is_korean) {
        korean::parse(line, &tokens)
    } else {
        english::parse(line, &tokens)
    }
}

fn has_hangul(line: &str) -> bool {
    line.chars().any(|c| matches!(c, '가'..='힣' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'))
}

fn is_korean(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default();
    primary.eq_ignore_ascii_case("ko") || primary.eq_ignore_ascii_case("kor")
}

/// How sure a reading is. (Only its order means something.)
mod confidence {
    /// An amount in a unit that has a code.
    pub const KNOWN_UNIT: f32 = 0.98;
    /// An amount in a unit's own word, or a count of things.
    pub const OWN_WORD: f32 = 0.9;
    /// A vague amount, in words that are known.
    pub const VAGUE: f32 = 0.9;
    /// No amount.
    pub const NO_AMOUNT: f32 = 0.6;
    /// There is a number that no amount was made of.
    pub const UNREAD_NUMBER: f32 = 0.3;
    /// There is nothing.
    pub const NOTHING: f32 = 0.0;
}

/// Text with blanks and the marks around it cut off; None if nothing is left.
fn said(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || ",;:.·/-–—+".contains(c));
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Notes joined by commas.
#[derive(Default)]
struct Notes(String);

impl Notes {
    fn add(&mut self, text: &str) {
        let Some(text) = said(text) else { return };
        if !self.0.is_empty() {
            self.0.push_str(", ");
        }
        self.0.push_str(&text);
    }

    fn into_note(self) -> Option<String> {
        (!self.0.is_empty()).then_some(self.0)
    }
}
