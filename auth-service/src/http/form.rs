//! Members of bodies, from text to what the domain knows.

use common::web::{Invalid, Problem, codes};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::domain::password::Refused;
use crate::domain::{Password, Unfit, Words};
use crate::service::sessions::Wanted;

/// Reads a member that may be absent, and reports it where it does not fit.
pub fn optional<T>(
    invalid: &mut Invalid,
    member: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Unfit>,
) -> Option<T> {
    match parse(text?) {
        Ok(value) => Some(value),
        Err(unfit) => {
            invalid.add(member, unfit.code, unfit.detail);
            None
        }
    }
}

/// Reads a member of any type that may be absent, and reports it where it does not fit.
pub fn checked<G, T>(
    invalid: &mut Invalid,
    member: &str,
    given: Option<G>,
    check: impl FnOnce(G) -> Result<T, Unfit>,
) -> Option<T> {
    match check(given?) {
        Ok(value) => Some(value),
        Err(unfit) => {
            invalid.add(member, unfit.code, unfit.detail);
            None
        }
    }
}

/// Deserializes a member that is there: null is a value of its own, which most types do not have.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a password that somebody chooses.
pub fn chosen_password(
    invalid: &mut Invalid,
    member: &str,
    text: &str,
    known_by: &[&str],
    least_score: u8,
) -> Option<Password> {
    match Password::chosen(text, known_by, least_score) {
        Ok(password) => Some(password),
        Err(Refused::Unfit(unfit)) => {
            invalid.add(member, unfit.code, unfit.detail);
            None
        }
        Err(Refused::Weak(suggestions)) => {
            let detail = "Too easy to guess: it is common, was in a breach, or tells who you are.";
            invalid.add_with_suggestions(member, "weak_password", detail, suggestions);
            None
        }
    }
}

/// Ends the reading of a body: what was read, or all that is wrong with it.
pub fn finish<T>(invalid: Invalid, read: Option<T>) -> Result<T, Problem> {
    match read {
        Some(value) if invalid.is_empty() => Ok(value),
        _ => Err(Problem::new(&codes::VALIDATION_FAILED).errors(invalid.into_errors())),
    }
}

/// Scopes and audiences as a caller names them, to be granted less than all.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WantedForm {
    /// Scopes separated by spaces (RFC 6749 §3.3).
    pub scope: Option<String>,
    /// The services that the token is to be good for.
    pub audience: Option<Vec<String>>,
}

impl From<WantedForm> for Wanted {
    fn from(form: WantedForm) -> Self {
        Self { scope: form.scope.map(|text| Words::parse(&text)), audience: form.audience.map(audiences) }
    }
}

/// Nothing at all, which is never granted, where a name is none: "auth recipes" is no service, and not two either.
fn audiences(names: Vec<String>) -> Words {
    let is_name = |name: &String| !name.is_empty() && !name.contains(' ');
    if names.iter().all(is_name) { Words::of(names) } else { Words::default() }
}
