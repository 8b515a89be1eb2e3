//! Reading JSON objects whose members must be unique (RFC 7515 §4, RFC 7519 §4).

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::quality::RandomState;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

/// Takes an object apart, member by member.
pub(super) trait Members<'de>: Default {
    /// Keeps the member of this name if it is one of ours: `Ok(false)` where it is not, with `map` untouched.
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// An object none of whose members appears twice, known or unknown.
pub(super) struct Unique<T>(pub T);

impl<'de, T: Members<'de>> Deserialize<'de> for Unique<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueVisitor(T::default()))
    }
}

/// No token of the profile has more members.
const USUAL: usize = 16;

struct UniqueVisitor<T>(T);

impl<'de, T: Members<'de>> Visitor<'de> for UniqueVisitor<T> {
    type Value = Unique<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut seen = HashSet::with_capacity_and_hasher(USUAL, RandomState::default());
        while let Some(name) = map.next_key::<Name<'de>>()? {
            if !self.0.take(&name.0, &mut map)? {
                // Read, not skipped: `IgnoredAny` lets bytes through that are not UTF-8, lone surrogates, and any depth.
                map.next_value::<Value>()?;
            }
            if !seen.insert(name.0) {
                return Err(A::Error::custom("a member appears twice"));
            }
        }
        Ok(Unique(self.0))
    }
}

/// A member's name, borrowed from the input where it holds no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
