//! What a verifier looks at in a token, one thing after the other, for people who want to know why.
//!
//! Nothing is believed by it: it says of each check what was found, where [`Verifier`](super::Verifier) says one word.

mod claims;
mod material;
mod parts;

pub use self::material::{Material, MaterialError};
use self::parts::Parts;

/// What a token is to be held against.
#[derive(Debug, Default)]
pub struct Expected {
    /// What its signature is checked with; without, it is not.
    pub material: Option<Material>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    /// Now, in seconds since 1970.
    pub now: i64,
    /// How far clocks may differ, in seconds.
    pub leeway: i64,
}

/// A token taken apart.
#[derive(Debug)]
pub struct Explanation {
    pub parts: Vec<Part>,
    pub checks: Vec<Check>,
}

impl Explanation {
    /// The codes of the checks that it fails, the first one first.
    pub fn failed(&self) -> Vec<&'static str> {
        let failed = self.checks.iter().filter(|check| check.verdict == Verdict::Fails);
        failed.map(|check| check.code).collect()
    }
}

/// One part of a token, decoded.
#[derive(Debug)]
pub struct Part {
    pub name: &'static str,
    /// Its length, decoded.
    pub bytes: usize,
    /// What it says, as JSON where it is JSON; nothing in it moves the cursor of a terminal.
    pub text: String,
}

/// Something that a verifier looks at.
#[derive(Debug)]
pub struct Check {
    /// What it is called, the same for ever.
    pub code: &'static str,
    pub verdict: Verdict,
    /// What there is, with its numbers, and what there should be.
    pub found: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passes,
    Fails,
    /// What would be needed to tell was not given.
    Unknown,
}

/// Takes a token apart and says of each check whether it passes.
pub fn explain(token: &str, expected: &Expected) -> Explanation {
    let mut checks = Checks::default();
    let parts = match Parts::of(token, &mut checks) {
        Some(parts) => {
            parts.check_header(&mut checks);
            parts.check_signature(expected.material.as_ref(), &mut checks);
            claims::check(&parts.payload, expected, &mut checks);
            checks.unknown("revocation", "only a service that follows the feed of revocations knows");
            parts.described()
        }
        None => Vec::new(),
    };
    Explanation { parts, checks: checks.0 }
}

#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn say(&mut self, code: &'static str, passes: bool, found: impl Into<String>) {
        let verdict = if passes { Verdict::Passes } else { Verdict::Fails };
        self.0.push(Check { code, verdict, found: found.into() });
    }

    fn unknown(&mut self, code: &'static str, found: impl Into<String>) {
        self.0.push(Check { code, verdict: Verdict::Unknown, found: found.into() });
    }
}

/// Text of a stranger for a terminal: what would move its cursor or turn its lines around is escaped.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}
