use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::Text;

use crate::domain::ids::HouseholdId;

statement! {
    struct PersonalOf<'a> { sub: Text = &'a str } -> (Guid)
    "SELECT id FROM households WHERE personal_of = $1"
}

/// The household that a person has for themselves.
pub fn personal_of(conn: &mut Conn, sub: &str) -> QueryResult<Option<HouseholdId>> {
    PersonalOf { sub }.optional(conn)
}

statement! {
    struct Of<'a> { sub: Text = &'a str } -> (Guid)
    "SELECT household_id FROM household_members WHERE sub = $1"
}

/// The households that a person is a member of.
pub fn of(conn: &mut Conn, sub: &str) -> QueryResult<Vec<HouseholdId>> {
    Of { sub }.all(conn)
}

statement! {
    struct Found<'a> { id: Guid = HouseholdId, sub: Text = &'a str, now: InstantSql = Instant }
    "INSERT INTO households (id, personal_of, created_at) VALUES ($1, $2, $3)"
}

/// Makes the household that a person has for themselves.
pub fn found(conn: &mut Conn, id: HouseholdId, sub: &str, now: Instant) -> QueryResult<()> {
    Found { id, sub, now }.execute(conn).map(drop)
}

statement! {
    struct Join<'a> { sub: Text = &'a str, id: Guid = HouseholdId, now: InstantSql = Instant }
    "INSERT INTO household_members (sub, household_id, joined_at) VALUES ($1, $2, $3)"
}

pub fn join(conn: &mut Conn, id: HouseholdId, sub: &str, now: Instant) -> QueryResult<()> {
    Join { sub, id, now }.execute(conn).map(drop)
}

statement! {
    struct LeaveAll<'a> { sub: Text = &'a str }
    "DELETE FROM household_members WHERE sub = $1"
}

pub fn leave_all(conn: &mut Conn, sub: &str) -> QueryResult<()> {
    LeaveAll { sub }.execute(conn).map(drop)
}
