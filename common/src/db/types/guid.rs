use diesel::query_builder::QueryId;
use diesel::sql_types::{HasSqlType, SqlType};
use uuid::Uuid;

use crate::db::MultiBackend;

/// An id: `uuid` on Postgres, sixteen bytes on SQLite.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Guid;

impl HasSqlType<Guid> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Guid>(lookup)
    }
}

/// What a newtype made by [`id!`](crate::id) has in common with its neighbours.
pub trait AsGuid {
    fn guid(&self) -> &Uuid;
    fn from_guid(uuid: Uuid) -> Self;
}

/// Written for each newtype, since coherence forbids one implementation for every `T: AsGuid`.
#[doc(hidden)]
#[macro_export]
macro_rules! __guid_in_backends {
    ($name:ty) => {
        const _: () = {
            use diesel::deserialize::{self, FromSql};
            use diesel::pg::{Pg, PgValue};
            use diesel::serialize::{self, IsNull, Output, ToSql};
            use diesel::sqlite::Sqlite;
            use $crate::db::diesel;
            use $crate::db::types::{AsGuid, Guid};
            use $crate::db::{MultiBackend, MultiRawValue};

            impl ToSql<Guid, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    ::std::io::Write::write_all(out, self.guid().as_bytes())?;
                    Ok(IsNull::No)
                }
            }

            impl FromSql<Guid, Pg> for $name {
                fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(Self::from_guid($crate::ids::Uuid::from_slice(value.as_bytes())?))
                }
            }

            impl ToSql<Guid, Sqlite> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.guid().as_bytes().as_slice());
                    Ok(IsNull::No)
                }
            }

            impl FromSql<Guid, Sqlite> for $name {
                fn from_sql(
                    mut value: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
                ) -> deserialize::Result<Self> {
                    Ok(Self::from_guid($crate::ids::Uuid::from_slice(value.read_blob())?))
                }
            }

            impl ToSql<Guid, MultiBackend> for $name {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((Guid, self));
                    Ok(IsNull::No)
                }
            }

            impl FromSql<Guid, MultiBackend> for $name {
                fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
                    value.from_sql::<Self, Guid>()
                }
            }
        };
    };
}
