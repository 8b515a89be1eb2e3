use super::{Unfit, unfit};

/// A language that a person reads, as BCP 47 writes it: `ko`, `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale(String);

impl Locale {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let is_language =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
        let is_part =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if text.len() > 35 || !is_language || !parts.all(is_part) {
            return Err(unfit("malformed", "Give a language tag such as en or ko-KR."));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self("en".to_owned())
    }
}
