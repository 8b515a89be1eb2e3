//! Signing keys: sealed, one of them `current`, one `next`.

mod change;
mod reseal;

use common::db::types::InstantSql;
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, Nullable, SmallInt, Text};
use serde::Serialize;

pub use self::change::{
    NewKey, Revoking, Turn, insert_first, replace_next, retire_those_whose_tokens_are_dead, revoke,
    revoke_all, rotate,
};
pub use self::reseal::{all, forget_masters_before, lock, reseal};

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, so that every verifier has it before it signs.
    Next,
    Current,
    /// Signs no more, and is published until the last token that it signed is dead.
    Retiring,
    /// Nothing that it signed counts any more.
    Retired,
    /// Refused for ever.
    Revoked,
}

/// A key as it is stored.
#[derive(Clone, Debug)]
pub struct SealedKey {
    pub kid: String,
    pub alg: String,
    pub sealed: Vec<u8>,
    pub master_version: u8,
}

/// A key with its dates.
#[derive(Clone, Debug)]
pub struct KeyRow {
    pub key: SealedKey,
    pub state: KeyState,
    pub created_at: Instant,
    /// From when on it may sign, and once it does, since when it has.
    pub signs_from: Instant,
    /// When it ceased to sign.
    pub retired_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

impl KeyState {
    const NAMES: [(Self, &str); 5] = [
        (Self::Next, "next"),
        (Self::Current, "current"),
        (Self::Retiring, "retiring"),
        (Self::Retired, "retired"),
        (Self::Revoked, "revoked"),
    ];

    /// True for those that verifiers are to have.
    pub fn is_published(self) -> bool {
        matches!(self, Self::Next | Self::Current | Self::Retiring)
    }

    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(state, _)| *state == self);
        named.expect("BUG: every state has a name").1
    }

    fn named(name: &str) -> Self {
        let named = Self::NAMES.iter().find(|(_, known)| *known == name);
        named.expect("BUG: the table refuses other states").0
    }
}

statement! {
    struct Held {
        offset_us: BigInt = i64,
        remembered_us: BigInt = i64,
    } -> (Text, Text, Text, Binary, SmallInt, InstantSql, InstantSql, Nullable<InstantSql>, Nullable<InstantSql>)
    "SELECT kid, alg, state, sealed, master_version, created_at, signs_from, retired_at, revoked_at FROM signing_keys \
     WHERE state IN ('next', 'current', 'retiring') \
     OR (state = 'retired' AND retired_at + {micros $2} > {now}) ORDER BY created_at, signs_from, kid"
}

/// The keys that are published, oldest first, and those that ceased to sign less than `remembered_us` ago.
pub fn held(conn: &mut Conn, offset_us: i64, remembered_us: i64) -> QueryResult<Vec<KeyRow>> {
    let rows: Vec<Row> = Held { offset_us, remembered_us }.all(conn)?;
    Ok(rows.into_iter().map(KeyRow::of).collect())
}

type Row = (String, String, String, Vec<u8>, i16, Instant, Instant, Option<Instant>, Option<Instant>);

impl KeyRow {
    fn of(row: Row) -> Self {
        let (kid, alg, state, sealed, version, created_at, signs_from, retired_at, revoked_at) = row;
        let key = SealedKey { kid, alg, sealed, master_version: version as u8 };
        Self { key, state: KeyState::named(&state), created_at, signs_from, retired_at, revoked_at }
    }
}
