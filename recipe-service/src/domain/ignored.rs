use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// Any value, read over: that of a member which the service sets.
#[derive(Clone, Debug, Default)]
pub struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl PartialSchema for Ignored {
    fn schema() -> RefOr<Schema> {
        let any = [Type::Null, Type::Boolean, Type::Number, Type::String, Type::Array, Type::Object];
        let ignored = ObjectBuilder::new().schema_type(any.into_iter().collect::<SchemaType>());
        ignored.description(Some("Set by the service, and ignored when it is sent back.")).into()
    }
}

impl ToSchema for Ignored {}
