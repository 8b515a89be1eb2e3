use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, HasSqlType, SqlOrd, SqlType};
use diesel::sqlite::{Sqlite, SqliteType};

use crate::db::{MultiBackend, MultiRawValue};
use crate::time::Instant;

/// A point in time: `timestamptz` on Postgres, microseconds since 1970 on SQLite.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct InstantSql;

/// Lets `max` and `min` take instants.
impl SqlOrd for InstantSql {}

impl HasSqlType<InstantSql> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<InstantSql>(lookup)
    }
}

crate::sql_value!(Instant, InstantSql);

/// Postgres counts from 2000-01-01T00:00:00Z.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Postgres's first instant, in November 4714 BC, by its own count. It refuses a statement that names an earlier one.
const POSTGRES_FIRST: i64 = -211_813_488_000_000_000;

impl ToSql<InstantSql, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let since_2000 = (self.as_micros() - POSTGRES_EPOCH_MICROS).max(POSTGRES_FIRST);
        ToSql::<BigInt, Pg>::to_sql(&since_2000, &mut out.reborrow())
    }
}

impl FromSql<InstantSql, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let since_2000: i64 = FromSql::<BigInt, Pg>::from_sql(value)?;
        // The ends of the range are Postgres's `infinity`, which becomes our end.
        Ok(Instant::from_micros(since_2000.saturating_add(POSTGRES_EPOCH_MICROS)))
    }
}

impl ToSql<InstantSql, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_micros());
        Ok(IsNull::No)
    }
}

impl FromSql<InstantSql, Sqlite> for Instant {
    fn from_sql(mut value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match value.value_type() {
            Some(SqliteType::Long) => Ok(Instant::from_micros(value.read_long())),
            other => Err(format!("an instant is stored as {other:?} instead of an integer").into()),
        }
    }
}

impl ToSql<InstantSql, MultiBackend> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((InstantSql, self));
        Ok(IsNull::No)
    }
}

impl FromSql<InstantSql, MultiBackend> for Instant {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, InstantSql>()
    }
}
