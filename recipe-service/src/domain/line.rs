use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use utoipa::ToSchema;

/// A line of a recipe as it may be given: its text alone, or an object that says more.
#[derive(Clone, Debug, ToSchema)]
#[serde(untagged)]
pub enum Line<T> {
    Plain(String),
    Structured(T),
}

// Not derived: an untagged enum would buffer the object, and lose where in it an error is.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Line<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for LineVisitor<T> {
            type Value = Line<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Line::Plain(text.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Line::Structured)
            }
        }

        deserializer.deserialize_any(LineVisitor(PhantomData))
    }
}
