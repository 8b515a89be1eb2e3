//! What the database knows of the secrets: whether it has any, and a check value of each version.

use common::db::types::Guid;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Binary, SmallInt, Text};

use super::feed::Epoch;

/// Tells whether a file still holds the secret that it held when it was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: String,
    pub version: u8,
    pub value: Vec<u8>,
}

statement! {
    struct ReadEpoch {} -> Guid
    "SELECT epoch FROM installation"
}

/// The present life of the signing keys; none where nobody ever started on this database.
pub fn epoch(conn: &mut Conn) -> QueryResult<Option<Epoch>> {
    ReadEpoch {}.optional(conn)
}

statement! {
    struct Install {
        offset_us: BigInt = i64,
        epoch: Guid = Epoch,
    }
    "INSERT INTO installation (id, epoch, created_at) VALUES (1, $2, {now}) ON CONFLICT (id) DO NOTHING"
}

/// Begins the first life, with these secrets. Of copies that try at once, one does.
pub fn install(conn: &mut Conn, offset_us: i64, checks: &[Check]) -> QueryResult<()> {
    let epoch = Epoch::new();
    let is_first = (Install { offset_us, epoch }).execute(conn)? == 1;
    let checks = if is_first { checks } else { &[] };
    checks.iter().try_for_each(|check| register(conn, check))
}

statement! {
    struct BeginEpoch {
        epoch: Guid = Epoch,
    }
    "UPDATE installation SET epoch = $1 WHERE epoch < $1"
}

/// Begins another life of the signing keys; false where the present one is newer, by the clock that made its id.
pub fn begin_epoch(conn: &mut Conn, epoch: Epoch) -> QueryResult<bool> {
    Ok(BeginEpoch { epoch }.execute(conn)? == 1)
}

statement! {
    struct Register<'a> {
        name: Text = &'a str,
        version: SmallInt = i16,
        value: Binary = &'a [u8],
    }
    "INSERT INTO secret_checks (name, version, value) VALUES ($1, $2, $3)"
}

fn register(conn: &mut Conn, check: &Check) -> QueryResult<()> {
    let Check { name, version, value } = check;
    Register { name, version: (*version).into(), value }.execute(conn).map(drop)
}

statement! {
    struct Add<'a> {
        name: Text = &'a str,
        version: SmallInt = i16,
        value: Binary = &'a [u8],
    }
    "INSERT INTO secret_checks (name, version, value) VALUES ($1, $2, $3) ON CONFLICT (name, version) DO NOTHING"
}

/// Brings a version into use, unless it is already. True where it was not.
pub fn add(conn: &mut Conn, check: &Check) -> QueryResult<bool> {
    let Check { name, version, value } = check;
    Ok(Add { name, version: (*version).into(), value }.execute(conn)? == 1)
}

statement! {
    struct ReadChecks {} -> (Text, SmallInt, Binary)
    "SELECT name, version, value FROM secret_checks ORDER BY name, version"
}

/// The versions that were in use at some time, lowest first.
pub fn registered(conn: &mut Conn) -> QueryResult<Vec<Check>> {
    let rows: Vec<(String, i16, Vec<u8>)> = ReadChecks {}.all(conn)?;
    Ok(rows.into_iter().map(|(name, version, value)| Check { name, version: version as u8, value }).collect())
}
