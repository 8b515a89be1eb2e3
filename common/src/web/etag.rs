//! Strong entity tags and the conditions on them (RFC 9110 §8.8.3, §13.1).

use std::fmt;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use super::codes;
use super::problem::Problem;

/// A strong entity tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// A tag of visible characters without quotes, such as a version or a hash in hex.
    pub fn new(opaque: impl fmt::Display) -> Self {
        let opaque = opaque.to_string();
        assert!(
            opaque.bytes().all(is_etag_character),
            "BUG: an entity tag has a character that none may have"
        );
        Self(opaque)
    }

    /// What is between the quotes.
    pub fn opaque(&self) -> &str {
        &self.0
    }

    pub fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.to_string()).expect("BUG: an entity tag is not a header value")
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// The condition of `If-Match` or `If-None-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The header is not there.
    Absent,
    /// `*`: any current representation.
    Any,
    /// One of these.
    Listed(Vec<Listed>),
}

/// A tag of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub weak: bool,
    pub opaque: String,
}

impl Condition {
    /// Reads `If-Match`.
    ///
    /// # Errors
    /// 400 `invalid_parameter` for a header that is not a list of entity tags.
    pub fn if_match(headers: &HeaderMap) -> Result<Self, Problem> {
        Self::read(headers, &IF_MATCH)
    }

    /// Reads `If-None-Match`.
    ///
    /// # Errors
    /// 400 `invalid_parameter` for a header that is not a list of entity tags.
    pub fn if_none_match(headers: &HeaderMap) -> Result<Self, Problem> {
        Self::read(headers, &IF_NONE_MATCH)
    }

    /// Whether a change may go ahead: strong comparison, a weak tag never matches.
    pub fn matches_strongly(&self, current: &ETag) -> bool {
        self.matches(|listed| !listed.weak && listed.opaque == current.0)
    }

    /// Whether the caller has this already: weak comparison. Then the answer to a GET is 304.
    pub fn matches_weakly(&self, current: &ETag) -> bool {
        self.matches(|listed| listed.opaque == current.0)
    }

    fn matches(&self, is_current: impl Fn(&Listed) -> bool) -> bool {
        match self {
            Self::Absent => false,
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(is_current),
        }
    }

    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Self, Problem> {
        let mut lines = headers.get_all(name).peekable();
        if lines.peek().is_none() {
            return Ok(Self::Absent);
        }
        let lines: Option<Vec<&str>> = lines.map(|line| line.to_str().ok()).collect();
        lines.and_then(|lines| parse(&lines.join(","))).ok_or_else(|| {
            let detail = format!("The header {name} is neither * nor a list of entity tags in quotes.");
            Problem::new(&codes::INVALID_PARAMETER).detail(detail)
        })
    }
}

fn parse(list: &str) -> Option<Condition> {
    if list.trim() == "*" {
        return Some(Condition::Any);
    }
    let mut tags = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let (tag, behind) = parse_tag(rest)?;
        tags.push(tag);
        rest = behind.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
        }
    }
    (!tags.is_empty()).then_some(Condition::Listed(tags))
}

fn parse_tag(text: &str) -> Option<(Listed, &str)> {
    let (weak, quoted) = match text.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    let (opaque, behind) = quoted.strip_prefix('"')?.split_once('"')?;
    opaque.bytes().all(is_etag_character).then(|| (Listed { weak, opaque: opaque.to_owned() }, behind))
}

fn is_etag_character(byte: u8) -> bool {
    byte == 0x21 || (0x23..=0x7e).contains(&byte)
}
