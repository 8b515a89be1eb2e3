//! JSON whose members we do not name: extras, nutrition, patches.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use utoipa::ToSchema;

/// A JSON object of any members, none of them twice, its numbers exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(value_type = Object)]
pub struct FreeObject(pub Map<String, Value>);

impl<'de> Deserialize<'de> for FreeObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Map<String, Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                read_members(members)
            }
        }

        deserializer.deserialize_map(ObjectVisitor).map(Self)
    }
}

/// Reads any JSON value by the same rules. (serde_json's own `Value` keeps the last of two members.)
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // Beyond this a whole number of JSON arrives here too, its last digits lost.
        if value.abs() >= EXACT_BELOW {
            return Err(E::custom("a number is too large to be kept exactly"));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Strict)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Value, A::Error> {
        read_members(members).map(Value::Object)
    }
}

/// 2⁶³, below which whole numbers are read as such.
const EXACT_BELOW: f64 = 9_223_372_036_854_775_808.0;

fn read_members<'de, A: MapAccess<'de>>(mut members: A) -> Result<Map<String, Value>, A::Error> {
    let mut object = Map::new();
    while let Some(name) = members.next_key::<String>()? {
        let value = members.next_value_seed(Strict)?;
        if object.contains_key(&name) {
            return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
        }
        object.insert(name, value);
    }
    Ok(object)
}

impl FreeObject {
    /// True when a name or a text in it contains U+0000, which Postgres cannot keep.
    pub fn has_nul(&self) -> bool {
        members_have_nul(&self.0)
    }
}

fn members_have_nul(members: &Map<String, Value>) -> bool {
    members.iter().any(|(name, value)| name.contains('\0') || value_has_nul(value))
}

fn value_has_nul(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(value_has_nul),
        Value::Object(members) => members_have_nul(members),
    }
}
