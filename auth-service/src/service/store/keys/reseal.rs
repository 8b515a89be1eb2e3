use common::db::types::InstantSql;
use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{Binary, Nullable, SmallInt, Text};

use super::{KeyRow, Row, SealedKey};

statement! {
    struct Lock {} -> SmallInt
    "SELECT id FROM installation {postgres FOR UPDATE}"
}

/// Lets one transaction at a time change the keys, until it ends: each of them reads several rows and relies on them.
pub fn lock(conn: &mut Conn) -> QueryResult<()> {
    Lock {}.one::<i16>(conn).map(drop)
}

statement! {
    struct All {} -> (Text, Text, Text, Binary, SmallInt, InstantSql, InstantSql, Nullable<InstantSql>, Nullable<InstantSql>)
    "SELECT kid, alg, state, sealed, master_version, created_at, signs_from, retired_at, revoked_at FROM signing_keys \
     ORDER BY created_at, signs_from, kid"
}

/// Every key that there ever was, oldest first.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<KeyRow>> {
    let rows: Vec<Row> = All {}.all(conn)?;
    Ok(rows.into_iter().map(KeyRow::of).collect())
}

statement! {
    struct Reseal<'a> {
        kid: Text = &'a str,
        sealed: Binary = &'a [u8],
        master_version: SmallInt = i16,
    }
    "UPDATE signing_keys SET sealed = $2, master_version = $3 WHERE kid = $1"
}

/// Stores a key sealed anew.
pub fn reseal(conn: &mut Conn, key: &SealedKey) -> QueryResult<()> {
    let SealedKey { kid, sealed, master_version, .. } = key;
    Reseal { kid, sealed, master_version: (*master_version).into() }.execute(conn).map(drop)
}

statement! {
    struct Forget {
        version: SmallInt = i16,
    }
    "DELETE FROM secret_checks WHERE name = 'master' AND version < $1 \
     AND NOT EXISTS (SELECT 1 FROM signing_keys WHERE master_version < $1)"
}

/// Forgets the versions of the master key before this one, unless a key is still sealed under one, and answers how many.
pub fn forget_masters_before(conn: &mut Conn, version: u8) -> QueryResult<usize> {
    Forget { version: version.into() }.execute(conn)
}
