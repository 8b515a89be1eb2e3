//! Statements written by hand that each connection prepares once.
//!
//! Diesel prepares every UPDATE, DELETE and `sql_query` anew, since it cannot know that their text is bounded. A type
//! with a static `QueryId` says that it is, and on Postgres that doubles the rate.

use diesel::pg::PgConnection;
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::sqlite::SqliteConnection;
use diesel::{OptionalExtension, QueryResult};

use super::conn::Conn;
use crate::each;

/// Makes a struct of typed binds that runs one statement on either database.
///
/// ```text
/// statement! {
///     /// Moves a session to its next generation.
///     pub struct Rotate {
///         offset_us: BigInt = i64,
///         id: Guid = SessionId,
///         generation: BigInt = i64,
///     } -> (Guid, BigInt, InstantSql)
///     "UPDATE sessions SET generation = generation + 1, rotated_at = {now} \
///      WHERE id = $2 AND generation = $3 RETURNING id, generation, rotated_at"
/// }
/// let row: Option<(SessionId, i64, Instant)> = Rotate { offset_us, id, generation }.optional(conn)?;
/// ```
///
/// A bind is `name: SqlType = RustType` and stands in the text as `$1`, `$2`, … in the order of the struct, as often as
/// wanted. The struct may have one lifetime for binds that borrow: `struct ByEmail<'a> { email: Text = &'a str }`. The
/// row is a tuple of SQL types, or a single one, in parentheses if it has several tokens; it loads into what Diesel
/// loads it into. Without `->` there is only `execute`.
///
/// Placeholders, for what the databases spell differently:
///
/// | in the text | Postgres | SQLite |
/// |---|---|---|
/// | `{now}`: the database's time right there, shifted by the µs in `$1` | `clock_timestamp()` + … | `unixepoch('subsec')` + … |
/// | `{micros X}`: a number of µs, to add to an instant or take from it | an `interval` | the number |
/// | `{micros_of X}`: an instant, or a difference of two, as a number of µs | a `bigint` | the number |
/// | `{postgres X}`, `{sqlite X}`: X there, nothing elsewhere | X | X |
/// | `{{`, `}}` | `{`, `}` | `{`, `}` |
///
/// X may contain placeholders and binds. `{now}` differs from row to row and from place to place, so Postgres uses no
/// index to compare with it: fine beside `id = $2`, not for a sweep.
///
/// # Panics
/// At its first use if the text names a placeholder or a bind that does not exist.
#[macro_export]
macro_rules! statement {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident $(<$lt:lifetime>)? {
            $($(#[$field_meta:meta])* $field:ident : $sql:ty = $rust:ty),* $(,)?
        }
        $(-> $row:tt)?
        $text:expr
    ) => {
        $(#[$meta])*
        $vis struct $name $(<$lt>)? {
            $($(#[$field_meta])* $vis $field: $rust),*
        }

        const _: () = {
            use $crate::db::diesel;
            use diesel::QueryResult;
            use diesel::pg::Pg;
            use diesel::query_builder::{AstPass, QueryFragment, QueryId};
            use diesel::sqlite::Sqlite;
            use $crate::db::{Conn, Dialect, Template};

            static TEMPLATE: ::std::sync::LazyLock<Template> =
                ::std::sync::LazyLock::new(|| Template::new($text, &[$(::std::stringify!($field)),*]));

            #[doc(hidden)]
            pub struct Id;

            impl $(<$lt>)? QueryId for $name $(<$lt>)? {
                type QueryId = Id;
                const HAS_STATIC_QUERY_ID: bool = true;
            }

            impl<C> diesel::RunQueryDsl<C> for $crate::__statement_type!($name $($lt)?) {}

            $crate::__statement_fragment!(Pg, Postgres, $name, [$($lt)?], [$($field: $sql),*]);
            $crate::__statement_fragment!(Sqlite, Sqlite, $name, [$($lt)?], [$($field: $sql),*]);

            impl $(<$lt>)? $name $(<$lt>)? {
                /// Runs it and answers how many rows it changed.
                #[allow(dead_code, reason = "not every statement is asked for this")]
                $vis fn execute(self, conn: &mut Conn) -> QueryResult<usize> {
                    $crate::db::execute(self, conn)
                }
            }

            $crate::__statement_query!($vis, $name, [$($lt)?] $(, $row)?);
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __statement_type {
    ($name:ident) => { $name };
    ($name:ident $lt:lifetime) => { $name<'_> };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __statement_fragment {
    ($backend:ident, $dialect:ident, $name:ident, [$($lt:lifetime)?], [$($field:ident : $sql:ty),*]) => {
        impl $(<$lt>)? QueryFragment<$backend> for $name $(<$lt>)? {
            #[allow(unused_mut, reason = "a statement may have no bind")]
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                for piece in TEMPLATE.pieces(Dialect::$dialect) {
                    out.push_sql(&piece.text);
                    let mut _index = 0;
                    $(
                        if piece.bind == Some(_index) {
                            out.push_bind_param::<$sql, _>(&self.$field)?;
                        }
                        _index += 1;
                    )*
                }
                Ok(())
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __statement_query {
    ($vis:vis, $name:ident, [$($lt:lifetime)?]) => {};
    ($vis:vis, $name:ident, [$($lt:lifetime)?], $row:tt) => {
        #[allow(unused_parens, reason = "a single type of several tokens needs them")]
        impl $(<$lt>)? diesel::query_builder::Query for $name $(<$lt>)? {
            type SqlType = $row;
        }

        #[allow(dead_code, reason = "not every statement is asked for every number of rows")]
        impl $(<$lt>)? $name $(<$lt>)? {
            /// Runs it and answers all rows.
            $vis fn all<'query, U>(self, conn: &mut Conn) -> QueryResult<::std::vec::Vec<U>>
            where
                Self: diesel::query_dsl::LoadQuery<'query, diesel::pg::PgConnection, U>
                    + diesel::query_dsl::LoadQuery<'query, diesel::sqlite::SqliteConnection, U>,
            {
                $crate::db::load(self, conn)
            }

            /// Runs it and answers the only row, `NotFound` without.
            $vis fn one<'query, U>(self, conn: &mut Conn) -> QueryResult<U>
            where
                Self: diesel::query_dsl::LoadQuery<'query, diesel::pg::PgConnection, U>
                    + diesel::query_dsl::LoadQuery<'query, diesel::sqlite::SqliteConnection, U>,
            {
                $crate::db::one(self, conn)
            }

            /// Runs it and answers the row, if there is one.
            $vis fn optional<'query, U>(self, conn: &mut Conn) -> QueryResult<::std::option::Option<U>>
            where
                Self: diesel::query_dsl::LoadQuery<'query, diesel::pg::PgConnection, U>
                    + diesel::query_dsl::LoadQuery<'query, diesel::sqlite::SqliteConnection, U>,
            {
                $crate::db::optional(self, conn)
            }
        }
    };
}

#[doc(hidden)]
pub fn load<'query, S, U>(statement: S, conn: &mut Conn) -> QueryResult<Vec<U>>
where
    S: LoadQuery<'query, PgConnection, U> + LoadQuery<'query, SqliteConnection, U>,
{
    each!(conn, c => statement.load(c))
}

#[doc(hidden)]
pub fn one<'query, S, U>(statement: S, conn: &mut Conn) -> QueryResult<U>
where
    S: LoadQuery<'query, PgConnection, U> + LoadQuery<'query, SqliteConnection, U>,
{
    each!(conn, c => statement.get_result(c))
}

#[doc(hidden)]
pub fn optional<'query, S, U>(statement: S, conn: &mut Conn) -> QueryResult<Option<U>>
where
    S: LoadQuery<'query, PgConnection, U> + LoadQuery<'query, SqliteConnection, U>,
{
    one(statement, conn).optional()
}

#[doc(hidden)]
pub fn execute<S>(statement: S, conn: &mut Conn) -> QueryResult<usize>
where
    S: ExecuteDsl<PgConnection> + ExecuteDsl<SqliteConnection>,
{
    match conn {
        Conn::Pg(conn) => ExecuteDsl::execute(statement, conn),
        Conn::Sqlite(conn) => ExecuteDsl::execute(statement, conn),
    }
}
