use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{Unfit, unfit};

/// A password in the form that is hashed: NFC, so that a name typed on two keyboards is one password.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Why a password cannot be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    Unfit(Unfit),
    /// Too easy to guess, with what would help.
    Weak(Vec<String>),
}

/// What zxcvbn must score a password of people: 0 is guessed at once, 4 not in centuries.
pub const LEAST_SCORE: u8 = 2;
/// What it must score one that opens everybody's account.
pub const LEAST_SCORE_OF_ADMINS: u8 = 3;

const LEAST: usize = 8;
const MOST: usize = 256;

impl Password {
    /// Takes a password that somebody tries, whatever the rules for choosing one are.
    ///
    /// # Errors
    /// When it is so long that nobody can have chosen it: said before hashing, to everybody alike.
    pub fn tried(text: &str) -> Result<Self, Unfit> {
        if text.chars().count() > MOST {
            return Err(unfit("too_long", "May have at most 256 characters."));
        }
        Ok(Self(Zeroizing::new(text.nfc().collect())))
    }

    /// Takes a password that somebody chooses, who is known by these names.
    pub fn chosen(text: &str, known_by: &[&str], least_score: u8) -> Result<Self, Refused> {
        let password = Self::tried(text).map_err(Refused::Unfit)?;
        if password.0.chars().count() < LEAST {
            return Err(Refused::Unfit(unfit("too_short", "Needs at least 8 characters.")));
        }
        if password.0.contains('\0') {
            return Err(Refused::Unfit(unfit("nul", "May not hold U+0000.")));
        }
        password.check_strength(known_by, least_score)?;
        Ok(password)
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    fn check_strength(&self, known_by: &[&str], least_score: u8) -> Result<(), Refused> {
        let names: Vec<String> =
            known_by.iter().flat_map(|name| guesses(name)).chain(["jipbap".to_owned()]).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let estimate = zxcvbn::zxcvbn(&self.0, &names);
        if u8::from(estimate.score()) >= least_score {
            return Ok(());
        }
        let feedback = estimate.feedback();
        let warning = feedback.and_then(|feedback| feedback.warning()).map(|warning| warning.to_string());
        let suggestions =
            feedback.into_iter().flat_map(|feedback| feedback.suggestions()).map(ToString::to_string);
        Err(Refused::Weak(warning.into_iter().chain(suggestions).collect()))
    }
}

/// What somebody who knows a name or an address tries first: the whole, what is before and behind the @, each word, and
/// the words without what is between them.
fn guesses(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let halves = name.split('@').map(str::to_owned);
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).map(str::to_owned);
    let together = name.split('@').map(|half| half.chars().filter(|c| c.is_alphanumeric()).collect());
    words.chain(halves).chain(together).chain([name.clone()]).collect()
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_weak(text: &str) -> bool {
        matches!(Password::chosen(text, &["kim.chi@example.org", "Chi Kim"], 2), Err(Refused::Weak(_)))
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for text in [
            "password1234567",
            "kim.chi@example.org",
            "kimchi12",
            "qwertyuiop",
            "aaaaaaaaaaaa",
            "jipbapjipbap",
        ] {
            assert!(is_weak(text), "{text}");
        }
        for text in ["vq8#mzLp", "correct horse battery staple", "8472659301", "밥은 먹고 다니냐 오늘도"]
        {
            assert!(!is_weak(text), "{text}");
        }
    }

    #[test]
    fn composed_and_decomposed_are_one_password() {
        let (composed, decomposed) =
            (Password::tried("caf\u{e9}").unwrap(), Password::tried("cafe\u{301}").unwrap());
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(format!("{composed:?}"), "Password");
    }
}
