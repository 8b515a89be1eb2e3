//! Ids: one newtype a kind, so that a session's id cannot be passed where a user's is asked for.
//!
//! Every id is a UUID of version 7 (RFC 9562 §5.7) made by us. It sorts by time of creation, which keeps the
//! indexes of both databases dense. It is a name, never a secret.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};

pub use crate::id;
#[doc(hidden)]
pub use serde;
pub use uuid::Uuid;

/// A text that is no hyphenated UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a hyphenated UUID")]
pub struct InvalidId;

/// Makes a newtype over [`Uuid`].
///
/// ```
/// common::id! {
///     /// A dish.
///     pub struct DishId;
/// }
/// let id = DishId::new();
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name($crate::ids::Uuid);

        #[allow(dead_code, reason = "not every id is made here")]
        impl $name {
            /// Makes an id of version 7 that is greater than every earlier one of this process.
            #[allow(clippy::new_without_default, reason = "a default would be a new value each time")]
            $vis fn new() -> Self {
                Self($crate::ids::Uuid::now_v7())
            }

            $vis const fn from_uuid(uuid: $crate::ids::Uuid) -> Self {
                Self(uuid)
            }

            $vis const fn as_uuid(self) -> $crate::ids::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ids::InvalidId;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::ids::parse(text).map(Self)
            }
        }

        impl $crate::ids::serde::Serialize for $name {
            fn serialize<S: $crate::ids::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                let mut buffer = $crate::ids::Uuid::encode_buffer();
                serializer.serialize_str(self.0.as_hyphenated().encode_lower(&mut buffer))
            }
        }

        impl<'de> $crate::ids::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::ids::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::ids::deserialize(deserializer).map(Self)
            }
        }

        $crate::__id_in_database!($name);
        $crate::__id_in_openapi!($name);
    };
}

/// Reads the hyphenated form and no other, so that one id has one spelling but for the case of its letters.
#[doc(hidden)]
pub fn parse(text: &str) -> Result<Uuid, InvalidId> {
    const HYPHENATED: usize = 36;
    if text.len() != HYPHENATED {
        return Err(InvalidId);
    }
    Uuid::try_parse(text).map_err(|_| InvalidId)
}

#[doc(hidden)]
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
    struct Hyphenated;

    impl Visitor<'_> for Hyphenated {
        type Value = Uuid;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a hyphenated UUID")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Uuid, E> {
            parse(text).map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Hyphenated)
}

// The features are those of this crate, not of the one that writes `id!`: hence one of two macros each.

#[cfg(feature = "db")]
#[doc(hidden)]
#[macro_export]
macro_rules! __id_in_database {
    ($name:ident) => {
        $crate::sql_value!($name, $crate::db::types::Guid);

        impl $crate::db::types::AsGuid for $name {
            fn guid(&self) -> &$crate::ids::Uuid {
                &self.0
            }

            fn from_guid(uuid: $crate::ids::Uuid) -> Self {
                Self(uuid)
            }
        }

        $crate::__guid_in_backends!($name);
    };
}

#[cfg(not(feature = "db"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __id_in_database {
    ($name:ident) => {};
}

#[cfg(feature = "web")]
#[doc(hidden)]
pub use utoipa;

#[cfg(feature = "web")]
#[doc(hidden)]
pub fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .into()
}

#[cfg(feature = "web")]
#[doc(hidden)]
#[macro_export]
macro_rules! __id_in_openapi {
    ($name:ident) => {
        impl $crate::ids::utoipa::PartialSchema for $name {
            fn schema() -> $crate::ids::utoipa::openapi::RefOr<$crate::ids::utoipa::openapi::schema::Schema> {
                $crate::ids::schema()
            }
        }

        impl $crate::ids::utoipa::ToSchema for $name {}
    };
}

#[cfg(not(feature = "web"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __id_in_openapi {
    ($name:ident) => {};
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::id! {
        struct DishId;
    }

    #[test]
    fn an_id_survives_text_and_json() {
        let id = DishId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<DishId>(&json).unwrap(), id);
    }

    #[test]
    fn other_spellings_of_a_uuid_are_refused() {
        let id = DishId::new().as_uuid();
        for text in [id.simple().to_string(), id.urn().to_string(), id.braced().to_string(), String::new()] {
            assert_eq!(text.parse::<DishId>(), Err(InvalidId), "{text}");
        }
    }

    #[test]
    fn a_later_id_is_greater() {
        assert!(DishId::new() < DishId::new());
    }
}
