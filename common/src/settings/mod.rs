//! Reading settings: variables, secrets in files, values in words, and a refusal that names the variable.
//!
//! This is the only place that reads the environment. Everything else takes [`Variables`], so that a test can hand in
//! its own.

#[cfg(feature = "web")]
mod effective;
#[cfg(feature = "web")]
mod flags;
#[cfg(feature = "web")]
mod output;
mod unknown;
mod values;
mod variables;

#[cfg(feature = "web")]
pub use effective::{Effective, Source, effective, listed};
#[cfg(feature = "web")]
pub use flags::{Refused, parse, warn_of_unknown};
#[cfg(feature = "web")]
pub use output::{Output, migrated};
pub use unknown::{Unknown, find_unknown};
pub use values::{boolean, duration, duration_within, list, number, one_of};
pub use variables::Variables;

/// The exit code of a program that a setting stops (EX_CONFIG of sysexits.h).
pub const EXIT_BAD_VALUE: u8 = 78;

/// A setting that stops the start. It names the variable, whichever way the value came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {complaint}")]
pub struct BadValue {
    pub variable: String,
    /// What is wrong and what would be right; never the value of a secret.
    pub complaint: String,
}

impl BadValue {
    pub fn new(variable: impl Into<String>, complaint: impl Into<String>) -> Self {
        Self { variable: variable.into(), complaint: complaint.into() }
    }
}
