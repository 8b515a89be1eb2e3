use unicode_normalization::UnicodeNormalization;

use super::{Unfit, unfit};

/// What a person is called: 1 to 100 characters in any script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(unfit("too_short", "Needs at least 1 character."));
        }
        if name.chars().count() > 100 {
            return Err(unfit("too_long", "May have at most 100 characters."));
        }
        if name.chars().any(is_control) {
            return Err(unfit("control_character", "May hold no control characters."));
        }
        Ok(Self(name))
    }

    /// What one is called who did not say: not the address, which would be shown beside published recipes.
    pub fn of_nobody_in_particular() -> Self {
        Self("Cook".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Control characters, and those that turn the direction of the text around them (UAX #9).
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
