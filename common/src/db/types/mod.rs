//! Three SQL types that give each database its native form.
//!
//! | type | Postgres | SQLite |
//! |---|---|---|
//! | [`Guid`] | `uuid` | `BLOB` of 16 bytes, which sorts the same |
//! | [`InstantSql`] | `timestamptz` | `INTEGER`, microseconds since 1970 |
//! | [`JsonSql`] | `jsonb` | `TEXT` |
//!
//! Diesel knows none of these for a connection of either kind, so each has its values written here three times.

mod guid;
mod instant;
mod json;

pub use guid::{AsGuid, Guid};
pub use instant::InstantSql;
pub use json::{Json, JsonSql};

/// Lets a value stand in Diesel's queries as the SQL type: what `AsExpression` and `FromSqlRow` derive, written
/// out, because their output names Diesel by a path that our callers need not have.
#[doc(hidden)]
#[macro_export]
macro_rules! sql_value {
    ($name:ty, $sql:ty) => {
        const _: () = {
            use diesel::expression::AsExpression;
            use diesel::internal::derives::as_expression::Bound;
            use diesel::sql_types::Nullable;
            use $crate::db::diesel;

            impl AsExpression<$sql> for $name {
                type Expression = Bound<$sql, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<$sql> for &$name {
                type Expression = Bound<$sql, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<$sql> for &&$name {
                type Expression = Bound<$sql, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<Nullable<$sql>> for $name {
                type Expression = Bound<Nullable<$sql>, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<Nullable<$sql>> for &$name {
                type Expression = Bound<Nullable<$sql>, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<Nullable<$sql>> for &&$name {
                type Expression = Bound<Nullable<$sql>, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl<DB> diesel::serialize::ToSql<Nullable<$sql>, DB> for $name
            where
                DB: diesel::backend::Backend,
                Self: diesel::serialize::ToSql<$sql, DB>,
            {
                fn to_sql<'b>(
                    &'b self,
                    out: &mut diesel::serialize::Output<'b, '_, DB>,
                ) -> diesel::serialize::Result {
                    diesel::serialize::ToSql::<$sql, DB>::to_sql(self, out)
                }
            }

            impl<DB, ST> diesel::deserialize::Queryable<ST, DB> for $name
            where
                DB: diesel::backend::Backend,
                ST: diesel::sql_types::SingleValue,
                Self: diesel::deserialize::FromSql<ST, DB>,
            {
                type Row = Self;
                fn build(row: Self) -> diesel::deserialize::Result<Self> {
                    Ok(row)
                }
            }
        };
    };
}
