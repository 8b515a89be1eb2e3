//! What administrators say about an account.

use serde_json::{Map, Value};

use super::{Unfit, Words, unfit};

/// Reads roles: at most 16 words of lower-case letters, digits and `_ - : .`, 128 bytes in all, since every token of the
/// person carries them.
pub fn roles(given: &[String]) -> Result<Words, Unfit> {
    let is_good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-:.".contains(&b);
    if given.iter().any(|role| role.is_empty() || !role.bytes().all(is_good)) {
        return Err(unfit("invalid_word", "Needs words of lower-case letters, digits and _ - : . alone."));
    }
    let roles = Words::of(given);
    if roles.iter().count() > 16 || roles.as_str().len() > 128 {
        return Err(unfit("too_long", "May have at most 16 words and 128 bytes in all."));
    }
    Ok(roles)
}

/// Reads the claim `ext`: an object of at most 512 bytes as JSON, since every token of the person carries it.
pub fn ext(object: Map<String, Value>) -> Result<Value, Unfit> {
    let value = Value::Object(object);
    if value.to_string().len() > 512 {
        return Err(unfit("too_long", "May have at most 512 bytes."));
    }
    Ok(value)
}

/// By what another system knows somebody: 1 to 200 characters, none of them a control character.
pub struct ExternalId(String);

impl ExternalId {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        if !(1..=200).contains(&text.chars().count()) {
            return Err(unfit("too_long", "Needs 1 to 200 characters."));
        }
        if text.chars().any(char::is_control) {
            return Err(unfit("control_character", "May hold no control characters."));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn into_string(self) -> String {
        self.0
    }
}
