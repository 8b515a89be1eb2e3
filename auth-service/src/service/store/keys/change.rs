use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Binary, Bool, SmallInt, Text};
use serde_json::json;

use super::{KeyState, SealedKey, lock};
use crate::service::actor::Actor;
use crate::service::store::audit::{self, Entry};
use crate::service::store::feed::{Appended, NewEvent, append};

/// A key that is about to be `next`, and for how long it is to be published before it signs.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub key: SealedKey,
    pub lead_us: i64,
}

/// One key after another: which signs, which is to sign, and which comes after it.
#[derive(Clone, Debug)]
pub struct Turn {
    pub current: String,
    pub next: String,
    /// For how long the current key must have signed.
    pub least_age_us: i64,
    pub after_next: NewKey,
    /// Who wants it; nobody where its time has come.
    pub by: Option<Actor>,
}

/// What became of a wish to revoke a key.
#[derive(Debug)]
pub enum Revoking {
    Unknown,
    AlreadyRevoked,
    /// `lead_was_kept` is false where a key had to sign before every verifier could have it.
    Revoked {
        was: KeyState,
        lead_was_kept: bool,
        appended: Appended,
    },
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

/// Stores the first keys: one that signs at once, and one that may sign after its lead. Does nothing where another copy
/// was first.
pub fn insert_first(conn: &mut Conn, offset_us: i64, current: &SealedKey, next: &NewKey) -> QueryResult<()> {
    if insert(conn, offset_us, current, KeyState::Current, 0)? == 1 {
        insert(conn, offset_us, &next.key, KeyState::Next, next.lead_us)?;
    }
    Ok(())
}

fn insert(
    conn: &mut Conn,
    offset_us: i64,
    key: &SealedKey,
    state: KeyState,
    lead_us: i64,
) -> QueryResult<usize> {
    let SealedKey { kid, alg, sealed, master_version } = key;
    let (state, master_version) = (state.name(), (*master_version).into());
    Insert { offset_us, kid, alg, state, sealed, master_version, lead_us }.execute(conn)
}

/// Inserts the key that signs after the current one. Where there is one already, what was done before is undone.
fn insert_next(conn: &mut Conn, offset_us: i64, new: &NewKey) -> QueryResult<()> {
    match insert(conn, offset_us, &new.key, KeyState::Next, new.lead_us)? {
        1 => Ok(()),
        _ => Err(diesel::result::Error::RollbackTransaction),
    }
}

statement! {
    struct Retire<'a> {
        offset_us: BigInt = i64,
        current: Text = &'a str,
        least_age_us: BigInt = i64,
        next: Text = &'a str,
    }
    "UPDATE signing_keys SET state = 'retiring', retired_at = {now} \
     WHERE kid = $2 AND state = 'current' AND signs_from + {micros $3} <= {now} \
     AND EXISTS (SELECT 1 FROM signing_keys n WHERE n.kid = $4 AND n.state = 'next' AND n.signs_from <= {now})"
}

statement! {
    struct Promote {
        offset_us: BigInt = i64,
    }
    "UPDATE signing_keys SET state = 'current', signs_from = {now} WHERE state = 'next'"
}

/// Has the next key sign from now on. `None` where the current key is too young, the next one was published too lately,
/// or another copy was first: of copies that try at once, this conditional update lets one through.
pub fn rotate(conn: &mut Conn, offset_us: i64, turn: &Turn) -> QueryResult<Option<Appended>> {
    lock(conn)?;
    let Turn { current, next, least_age_us, after_next, by } = turn;
    if (Retire { offset_us, current, least_age_us: *least_age_us, next }).execute(conn)? == 0 {
        return Ok(None);
    }
    Promote { offset_us }.execute(conn)?;
    insert_next(conn, offset_us, after_next)?;
    write(conn, offset_us, "keys_rotated", next, *by)?;
    append(conn, offset_us, &[NewEvent::KeysChanged]).map(Some)
}

statement! {
    struct Withdraw<'a> {
        offset_us: BigInt = i64,
        kid: Text = &'a str,
    }
    "UPDATE signing_keys SET state = 'retired', retired_at = {now} WHERE kid = $2 AND state = 'next'"
}

/// Puts another key in the place of the next one, which never signed. `None` where it is not the next one any more.
pub fn replace_next(
    conn: &mut Conn,
    offset_us: i64,
    old: Option<&str>,
    new: &NewKey,
) -> QueryResult<Option<Appended>> {
    lock(conn)?;
    if let Some(kid) = old
        && (Withdraw { offset_us, kid }).execute(conn)? == 0
    {
        return Ok(None);
    }
    if insert(conn, offset_us, &new.key, KeyState::Next, new.lead_us)? == 0 {
        return Ok(None);
    }
    write(conn, offset_us, "next_key_replaced", &new.key.kid, None)?;
    append(conn, offset_us, &[NewEvent::KeysChanged]).map(Some)
}

statement! {
    struct RetireDead {
        offset_us: BigInt = i64,
        published_us: BigInt = i64,
    }
    "UPDATE signing_keys SET state = 'retired' WHERE state = 'retiring' AND retired_at + {micros $2} <= {now}"
}

/// Withdraws keys that ceased to sign `published_us` ago. `None` where there is none.
pub fn retire_those_whose_tokens_are_dead(
    conn: &mut Conn,
    offset_us: i64,
    published_us: i64,
) -> QueryResult<Option<Appended>> {
    lock(conn)?;
    if (RetireDead { offset_us, published_us }).execute(conn)? == 0 {
        return Ok(None);
    }
    append(conn, offset_us, &[NewEvent::KeysChanged]).map(Some)
}

statement! {
    struct ReadState<'a> {
        kid: Text = &'a str,
    } -> Text
    "SELECT state FROM signing_keys WHERE kid = $1"
}

statement! {
    struct Revoke<'a> {
        offset_us: BigInt = i64,
        kid: Text = &'a str,
    }
    "UPDATE signing_keys SET state = 'revoked', revoked_at = {now} WHERE kid = $2"
}

statement! {
    struct NextMaySign {
        offset_us: BigInt = i64,
    } -> Bool
    "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE state = 'next' AND signs_from <= {now})"
}

/// Refuses a key for ever. Where it is the one that signs, the next one takes its place at once; where it was either of
/// the two, `new` is the next one.
pub fn revoke(conn: &mut Conn, offset_us: i64, kid: &str, new: &NewKey, by: Actor) -> QueryResult<Revoking> {
    lock(conn)?;
    let Some(state) = (ReadState { kid }).optional::<String>(conn)? else { return Ok(Revoking::Unknown) };
    let was = KeyState::named(&state);
    if was == KeyState::Revoked {
        return Ok(Revoking::AlreadyRevoked);
    }
    Revoke { offset_us, kid }.execute(conn)?;
    let mut lead_was_kept = true;
    if was == KeyState::Current {
        lead_was_kept = NextMaySign { offset_us }.one(conn)?;
        if (Promote { offset_us }).execute(conn)? == 0 {
            return Err(diesel::result::Error::RollbackTransaction);
        }
    }
    if matches!(was, KeyState::Current | KeyState::Next) {
        insert_next(conn, offset_us, new)?;
    }
    write(conn, offset_us, "key_revoked", kid, Some(by))?;
    let events = [NewEvent::Key(kid.to_owned()), NewEvent::KeysChanged];
    Ok(Revoking::Revoked { was, lead_was_kept, appended: append(conn, offset_us, &events)? })
}

statement! {
    struct RevokeAll {
        offset_us: BigInt = i64,
    } -> Text
    "UPDATE signing_keys SET state = 'revoked', revoked_at = {now} WHERE state <> 'revoked' RETURNING kid"
}

/// Refuses every key for ever, and answers which. The next thing is to store another first pair.
pub fn revoke_all(conn: &mut Conn, offset_us: i64) -> QueryResult<Vec<String>> {
    RevokeAll { offset_us }.all(conn)
}

/// Notes a change. Nobody makes those that time makes.
fn write(
    conn: &mut Conn,
    offset_us: i64,
    event: &'static str,
    kid: &str,
    by: Option<Actor>,
) -> QueryResult<()> {
    audit::write(conn, offset_us, Entry { detail: json!({ "kid": kid }), ..Entry::new(event, by) })
}
