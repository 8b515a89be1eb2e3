use serde_json::Value;

use super::find::Object;
use super::value;
use crate::report::{Notes, Reason, Source};

/// The members of a recipe, taken one after another: what nobody took is reported, so that nothing is lost in silence.
pub struct Members {
    left: Object,
    pub source: Source,
}

impl Members {
    pub fn new(object: Object, source: Source) -> Self {
        Self { left: object, source }
    }

    /// Takes a member that says something, by the first of its names that is there; what it was called there.
    pub fn take(&mut self, names: &[&str]) -> Option<(String, Value)> {
        let mut taken = None;
        for name in names {
            for spelled in [(*name).to_owned(), capitalised(name)] {
                if taken.is_none() && self.left.get(&spelled).is_some_and(|value| !value::is_blank(value)) {
                    taken = self.left.remove(&spelled).map(|value| (spelled, value));
                }
            }
        }
        taken
    }

    /// Reports all that was not taken.
    pub fn report_rest(self, notes: &mut Notes) {
        for (name, value) in self.left {
            // Those speak of the JSON, not of the recipe.
            if name.starts_with('@') || name == "type" {
                continue;
            }
            let reason = if value::is_blank(&value) { Reason::Blank } else { Reason::NoPlace };
            notes.dropped(self.source, &name, reason);
        }
    }
}

fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}
