//! The environment, or what a test puts in its place.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::BadValue;

/// Names and values as a process gets them.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, OsString>);

impl Variables {
    /// Those of this process.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
    pub fn of_process() -> Self {
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))).collect()
    }

    /// The value of a variable; an empty one counts as not set, as compose files leave them.
    ///
    /// # Errors
    /// The value is not UTF-8.
    pub fn get(&self, name: &str) -> Result<Option<&str>, BadValue> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        value.to_str().map(Some).ok_or_else(|| BadValue::new(name, "the value is not UTF-8"))
    }

    /// The value of a secret: the variable's own, or the content of the file that `{name}_FILE` names, less one line end.
    ///
    /// # Errors
    /// Both are set, or the file cannot be read.
    pub fn secret(&self, name: &str) -> Result<Option<String>, BadValue> {
        let file_name = format!("{name}_FILE");
        match (self.get(name)?, self.get(&file_name)?) {
            (Some(_), Some(_)) => {
                Err(BadValue::new(file_name, format!("{name} is set too; only one of them can count")))
            }
            (Some(value), None) => Ok(Some(value.to_owned())),
            (None, Some(path)) => read_file(&file_name, path).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The same with a value for a variable that is not set.
    pub fn with_default(mut self, name: &str, value: impl Into<OsString>) -> Self {
        if self.0.get(name).is_none_or(|value| value.is_empty()) {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn read_file(variable: &str, path: &str) -> Result<String, BadValue> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| BadValue::new(variable, format!("cannot read {path}: {}", error.kind())))?;
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

impl<N: Into<String>, V: Into<OsString>> FromIterator<(N, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Names only: among the values are passwords.
impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
