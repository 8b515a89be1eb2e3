use common::db::types::InstantSql;
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::BigInt;

statement! {
    struct Now {
        offset_us: BigInt = i64,
    } -> InstantSql
    "SELECT {now}"
}

statement! {
    struct Purge {
        now: InstantSql = Instant,
    }
    "DELETE FROM revocations WHERE until < $1 AND seq < coalesce( \
         (SELECT min(seq) - 1 FROM revocations WHERE until >= $1), \
         (SELECT head FROM feeds WHERE name = 'revocations'))"
}

/// Deletes events that are over, and answers how many. The one before those that are not over stays: it is the place of
/// the readers who have read everything, and they are to find it when the next event comes.
pub fn purge(conn: &mut Conn, offset_us: i64) -> QueryResult<usize> {
    let now = Now { offset_us }.one(conn)?;
    Purge { now }.execute(conn)
}
