use std::fmt;

use serde_json::{Map, Value};

/// The members of a JSON object, to be changed one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(pub Map<String, Value>);

impl Members {
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// The object as text, with more text before its first member: `"exp":1` for a duplicate that comes first.
    pub fn preceded_by(&self, members: &str) -> String {
        format!("{{{members},{}", &self.to_string()[1..])
    }

    /// The object as text, with more text behind its last member.
    pub fn followed_by(&self, members: &str) -> String {
        let text = self.to_string();
        format!("{},{members}}}", &text[..text.len() - 1])
    }
}

impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).expect("BUG: a map is not JSON"))
    }
}
