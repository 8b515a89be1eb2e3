//! Signing keys: sealed, one of them `current`, one `next`.

use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Binary, SmallInt, Text};

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published, so that every verifier has it before it signs.
    Next,
    Current,
    /// Signs no more, and is published until the last token that it signed is dead.
    Retiring,
}

/// A key as it is stored.
#[derive(Clone, Debug)]
pub struct SealedKey {
    pub kid: String,
    pub alg: String,
    pub sealed: Vec<u8>,
    pub master_version: u8,
}

statement! {
    struct Insert<'a> {
        offset_us: BigInt = i64,
        kid: Text = &'a str,
        alg: Text = &'a str,
        state: Text = &'a str,
        sealed: Binary = &'a [u8],
        master_version: SmallInt = i16,
        lead_us: BigInt = i64,
    }
    "INSERT INTO signing_keys (kid, alg, state, sealed, master_version, created_at, signs_from) \
     SELECT $2, $3, $4, $5, $6, t.now, t.now + {micros $7} FROM (SELECT {now} AS now) t \
     WHERE true ON CONFLICT DO NOTHING"
}

/// Stores the first keys: one that signs at once, and one that may sign `lead_us` from now. Does nothing where another
/// copy was first.
pub fn insert_first(
    conn: &mut Conn,
    offset_us: i64,
    current: &SealedKey,
    next: &SealedKey,
    lead_us: i64,
) -> QueryResult<()> {
    if insert(conn, offset_us, current, "current", 0)? == 1 {
        insert(conn, offset_us, next, "next", lead_us)?;
    }
    Ok(())
}

fn insert(conn: &mut Conn, offset_us: i64, key: &SealedKey, state: &str, lead_us: i64) -> QueryResult<usize> {
    let SealedKey { kid, alg, sealed, master_version } = key;
    Insert { offset_us, kid, alg, state, sealed, master_version: (*master_version).into(), lead_us }
        .execute(conn)
}

statement! {
    struct Published {} -> (Text, Text, Text, Binary, SmallInt)
    "SELECT kid, alg, state, sealed, master_version FROM signing_keys \
     WHERE state IN ('next', 'current', 'retiring') ORDER BY created_at, kid"
}

/// The keys that are published, oldest first.
pub fn published(conn: &mut Conn) -> QueryResult<Vec<(KeyState, SealedKey)>> {
    let rows: Vec<(String, String, String, Vec<u8>, i16)> = Published {}.all(conn)?;
    let key = |(kid, alg, state, sealed, version): (String, String, String, Vec<u8>, i16)| {
        (state_of(&state), SealedKey { kid, alg, sealed, master_version: version as u8 })
    };
    Ok(rows.into_iter().map(key).collect())
}

fn state_of(text: &str) -> KeyState {
    match text {
        "next" => KeyState::Next,
        "current" => KeyState::Current,
        "retiring" => KeyState::Retiring,
        _ => unreachable!("BUG: the query asks for no other state"),
    }
}
