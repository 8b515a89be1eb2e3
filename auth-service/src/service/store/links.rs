//! Links in mails: what of them the database keeps, which is nothing that one could follow.

use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Binary, SmallInt, Text};

use super::sessions;
use crate::domain::{LinkId, Purpose, UserId};

/// A link that is to be made.
pub struct NewLink {
    pub id: LinkId,
    pub user_id: UserId,
    pub purpose: Purpose,
    /// Where it is sent to, and what whoever has it shows to be theirs.
    pub address: String,
    pub secret_hash: Vec<u8>,
    /// The version of the key that the secret is made with.
    pub key_version: u8,
    /// The version of the person's tokens.
    pub uv: i64,
    pub life_us: i64,
}

statement! {
    struct SpendAll<'a> {
        offset_us: BigInt = i64,
        user_id: Guid = UserId,
        purpose: Text = &'a str,
    }
    "UPDATE links SET spent_at = {now} WHERE user_id = $2 AND purpose = $3 AND spent_at IS NULL"
}

statement! {
    struct Insert<'a> {
        offset_us: BigInt = i64,
        id: Guid = LinkId,
        user_id: Guid = UserId,
        purpose: Text = &'a str,
        address: Text = &'a str,
        secret_hash: Binary = &'a [u8],
        key_version: SmallInt = i16,
        uv: BigInt = i64,
        life_us: BigInt = i64,
    }
    "INSERT INTO links (id, user_id, purpose, address, secret_hash, key_version, uv, created_at, expires_at) \
     VALUES ($2, $3, $4, $5, $6, $7, $8, {now}, {now} + {micros $9})"
}

/// Spends every link of a person for a purpose.
pub fn spend_all(conn: &mut Conn, offset_us: i64, user_id: UserId, purpose: Purpose) -> QueryResult<()> {
    SpendAll { offset_us, user_id, purpose: purpose.as_str() }.execute(conn).map(drop)
}

/// Makes a link; the one that the person had for this purpose works no more.
pub fn make(conn: &mut Conn, offset_us: i64, new: &NewLink) -> QueryResult<()> {
    spend_all(conn, offset_us, new.user_id, new.purpose)?;
    Insert {
        offset_us,
        id: new.id,
        user_id: new.user_id,
        purpose: new.purpose.as_str(),
        address: &new.address,
        secret_hash: &new.secret_hash,
        key_version: new.key_version.into(),
        uv: new.uv,
        life_us: new.life_us,
    }
    .execute(conn)
    .map(drop)
}

statement! {
    struct MadeSince<'a> { user_id: Guid = UserId, purpose: Text = &'a str, since: InstantSql = Instant } -> (BigInt)
    "SELECT count(*) FROM links WHERE user_id = $1 AND purpose = $2 AND created_at > $3"
}

/// How many links for this purpose a person was sent since then.
pub fn made_since(conn: &mut Conn, user_id: UserId, purpose: Purpose, since: Instant) -> QueryResult<i64> {
    MadeSince { user_id, purpose: purpose.as_str(), since }.one(conn)
}

/// What a good link says.
pub struct Good {
    pub user_id: UserId,
    pub address: String,
    pub uv: i64,
}

type Row = (UserId, String, i64);

fn good((user_id, address, uv): Row) -> Good {
    Good { user_id, address, uv }
}

/// A link that works: for the purpose `$3`, by whoever has the secret of the hash `$4`, and neither spent nor too old.
macro_rules! working {
    () => {
        "id = $2 AND purpose = $3 AND secret_hash = $4 AND spent_at IS NULL AND expires_at > {now}"
    };
}

statement! {
    struct Find<'a> {
        offset_us: BigInt = i64,
        id: Guid = LinkId,
        purpose: Text = &'a str,
        secret_hash: Binary = &'a [u8],
    }
    -> (Guid, Text, BigInt)
    concat!("SELECT user_id, address, uv FROM links WHERE ", working!())
}

/// Reads a link without spending it.
pub fn find(
    conn: &mut Conn,
    offset_us: i64,
    id: LinkId,
    purpose: Purpose,
    secret_hash: &[u8],
) -> QueryResult<Option<Good>> {
    let find = Find { offset_us, id, purpose: purpose.as_str(), secret_hash };
    Ok(find.optional::<Row>(conn)?.map(good))
}

statement! {
    struct Spend<'a> {
        offset_us: BigInt = i64,
        id: Guid = LinkId,
        purpose: Text = &'a str,
        secret_hash: Binary = &'a [u8],
    }
    -> (Guid, Text, BigInt)
    concat!("UPDATE links SET spent_at = {now} WHERE ", working!(), " RETURNING user_id, address, uv")
}

/// Spends a link. Of those who try at once, one gets what it says.
pub fn spend(
    conn: &mut Conn,
    offset_us: i64,
    id: LinkId,
    purpose: Purpose,
    secret_hash: &[u8],
) -> QueryResult<Option<Good>> {
    let spend = Spend { offset_us, id, purpose: purpose.as_str(), secret_hash };
    Ok(spend.optional::<Row>(conn)?.map(good))
}

statement! {
    struct KeyVersion { offset_us: BigInt = i64, id: Guid = LinkId } -> (SmallInt)
    "SELECT key_version FROM links WHERE id = $2 AND spent_at IS NULL AND expires_at > {now}"
}

/// The version of the key that a link is made with; `None` for one that works no more.
pub fn key_version(conn: &mut Conn, offset_us: i64, id: LinkId) -> QueryResult<Option<u8>> {
    Ok(KeyVersion { offset_us, id }.optional::<i16>(conn)?.map(|version| version as u8))
}

statement! {
    struct Awaited { offset_us: BigInt = i64, user_id: Guid = UserId } -> (Guid, Text, BigInt)
    "SELECT user_id, address, uv FROM links \
     WHERE user_id = $2 AND purpose = 'verify' AND spent_at IS NULL AND expires_at > {now}"
}

/// The link by which a person is to show that an address is theirs.
pub fn awaited(conn: &mut Conn, offset_us: i64, user_id: UserId) -> QueryResult<Option<Good>> {
    Ok(Awaited { offset_us, user_id }.optional::<Row>(conn)?.map(good))
}

statement! {
    struct Forget { user_id: Guid = UserId }
    "DELETE FROM links WHERE user_id = $1"
}

/// Forgets all links of a person.
pub fn forget(conn: &mut Conn, user_id: UserId) -> QueryResult<()> {
    Forget { user_id }.execute(conn).map(drop)
}

/// For how long it is remembered that a link was there: longer than any limit of them counts.
const KEPT: std::time::Duration = std::time::Duration::from_secs(2 * 24 * 3600);

statement! {
    struct Purge { before: InstantSql = Instant }
    "DELETE FROM links WHERE expires_at < $1"
}

/// Deletes links that were over long ago, and answers how many.
pub fn purge(conn: &mut Conn, offset_us: i64) -> QueryResult<usize> {
    let before = sessions::now(conn, offset_us)? - KEPT;
    Purge { before }.execute(conn)
}
