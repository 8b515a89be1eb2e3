//! From bytes to a checked value, and what to say when they are none.
//!
//! What goes wrong is said in our own words: serde's name types of the program.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::objects::Objects;
use super::scan::scan;
use crate::web::codes;
use crate::web::problem::{FieldError, Problem};
use crate::web::validate::{Invalid, Validate, push_segment};

/// Parses a value and checks its rules.
pub(super) fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(&codes::MALFORMED_JSON))?;
    let findings = scan(text).map_err(|_| Problem::new(&codes::MALFORMED_JSON))?;
    if !findings.is_empty() {
        return Err(invalid(findings));
    }
    let value = parse_typed::<T>(text)?;
    let mut broken = Invalid::default();
    value.validate(&mut broken);
    if broken.is_empty() { Ok(value) } else { Err(invalid(broken.into_errors())) }
}

fn parse_typed<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(Objects(&mut json)).map_err(|error| invalid(vec![explain(&error)]))
}

fn invalid(errors: Vec<FieldError>) -> Problem {
    Problem::new(&codes::VALIDATION_FAILED).errors(errors)
}

/// serde tells the kinds of its errors apart by their text alone.
fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let pointer = pointer(error.path());
    let text = error.inner().to_string();
    if let Some(quoted) = text.strip_prefix("unknown field `") {
        FieldError::new(member(error.path(), pointer, quoted), "unknown_member", "Is not known here.")
    } else if let Some(quoted) = text.strip_prefix("duplicate field `") {
        FieldError::new(member(error.path(), pointer, quoted), "duplicate_member", "May be given once.")
    } else if let Some(quoted) = text.strip_prefix("missing field `") {
        FieldError::new(below(pointer, up_to_quote(quoted)), "missing_member", "Is required.")
    } else if text.starts_with("invalid type") || text.starts_with("invalid length") {
        FieldError::new(pointer, "wrong_type", "Has another type than the one described in /openapi.json.")
    } else {
        FieldError::new(pointer, "invalid_value", "Is not one of the values described in /openapi.json.")
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push_segment(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_segment(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The place of the member that serde quotes: the path ends with it, or with its object where the path was lost.
fn member(path: &serde_path_to_error::Path, pointer: String, quoted: &str) -> String {
    match path.iter().next_back() {
        Some(Segment::Map { key }) if quoted.strip_prefix(key).is_some_and(|rest| rest.starts_with('`')) => {
            pointer
        }
        _ => below(pointer, up_to_quote(quoted)),
    }
}

fn below(mut pointer: String, name: &str) -> String {
    push_segment(&mut pointer, name);
    pointer
}

fn up_to_quote(quoted: &str) -> &str {
    quoted.split('`').next().unwrap_or_default()
}
