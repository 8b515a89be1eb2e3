//! Mails that are to be sent: a queue that several copies take from.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;

use super::sessions;
use crate::domain::{LinkId, MailId, MailKind, UserId};

/// A mail that is to be sent.
pub struct NewMail {
    pub kind: MailKind,
    pub address: String,
    pub user_id: Option<UserId>,
    pub link_id: Option<LinkId>,
    /// What else its text says.
    pub detail: Value,
}

statement! {
    struct Insert<'a> {
        offset_us: BigInt = i64,
        id: Guid = MailId,
        kind: Text = &'a str,
        address: Text = &'a str,
        user_id: Nullable<Guid> = Option<UserId>,
        link_id: Nullable<Guid> = Option<LinkId>,
        detail: JsonSql = Json<Value>,
    }
    "INSERT INTO mails (id, kind, address, user_id, link_id, detail, tries, due_at, created_at) \
     VALUES ($2, $3, $4, $5, $6, $7, 0, {now}, {now})"
}

/// Puts a mail into the queue, within the transaction of what it is about.
pub fn enqueue(conn: &mut Conn, offset_us: i64, new: NewMail) -> QueryResult<()> {
    Insert {
        offset_us,
        id: MailId::new(),
        kind: new.kind.as_str(),
        address: &new.address,
        user_id: new.user_id,
        link_id: new.link_id,
        detail: Json(new.detail),
    }
    .execute(conn)
    .map(drop)
}

/// A mail that this copy, and no other, is to send now.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: MailId,
    /// `None` for a kind of another version of this service.
    pub kind: Option<MailKind>,
    pub address: String,
    pub user_id: Option<UserId>,
    pub link_id: Option<LinkId>,
    pub detail: Value,
    /// How often it was tried, this time included.
    pub tries: i64,
    pub created_at: Instant,
    /// What o'clock it was in the database when it was taken.
    pub now: Instant,
}

type Row = (MailId, String, String, Option<UserId>, Option<LinkId>, Json<Value>, i64, Instant);

statement! {
    struct Claim { now: InstantSql = Instant, until: InstantSql = Instant }
    -> (Guid, Text, Text, Nullable<Guid>, Nullable<Guid>, JsonSql, BigInt, InstantSql)
    "UPDATE mails SET due_at = $2, tries = tries + 1 \
     WHERE id = (SELECT id FROM mails WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1) AND due_at <= $1 \
     RETURNING id, kind, address, user_id, link_id, detail, tries, created_at"
}

/// Takes a mail that is due. Of copies that take the same one at once, one gets it; it is nobody else's until the lease is
/// over, which is longer than any sending takes.
pub fn claim(conn: &mut Conn, offset_us: i64, lease: std::time::Duration) -> QueryResult<Option<Job>> {
    let now = sessions::now(conn, offset_us)?;
    let row = Claim { now, until: now + lease }.optional::<Row>(conn)?;
    Ok(row.map(|(id, kind, address, user_id, link_id, Json(detail), tries, created_at)| Job {
        id,
        kind: MailKind::parse(&kind),
        address,
        user_id,
        link_id,
        detail,
        tries,
        created_at,
        now,
    }))
}

statement! {
    struct ReadDue { now: InstantSql = Instant } -> (Guid)
    "SELECT id FROM mails WHERE due_at <= $1 LIMIT 1"
}

/// Whether there is anything to send. It only reads: most of the time there is not.
pub fn is_any_due(conn: &mut Conn, offset_us: i64) -> QueryResult<bool> {
    let now = sessions::now(conn, offset_us)?;
    Ok(ReadDue { now }.optional::<MailId>(conn)?.is_some())
}

statement! {
    struct Postpone { id: Guid = MailId, tries: BigInt = i64, due_at: InstantSql = Instant }
    "UPDATE mails SET due_at = $3 WHERE id = $1 AND tries = $2"
}

/// Leaves a mail in the queue until then, unless another copy has taken it meanwhile.
pub fn postpone(conn: &mut Conn, job: &Job, due_at: Instant) -> QueryResult<()> {
    Postpone { id: job.id, tries: job.tries, due_at }.execute(conn).map(drop)
}

statement! {
    struct BecomeReset<'a> {
        id: Guid = MailId,
        kind: Text = &'a str,
        user_id: Guid = UserId,
        link_id: Guid = LinkId,
    }
    "UPDATE mails SET kind = $2, user_id = $3, link_id = $4 WHERE id = $1"
}

/// Makes the mail that carries a link of what was asked for by an address.
pub fn become_reset(conn: &mut Conn, id: MailId, user_id: UserId, link_id: LinkId) -> QueryResult<()> {
    BecomeReset { id, kind: MailKind::Reset.as_str(), user_id, link_id }.execute(conn).map(drop)
}

statement! {
    struct Delete { id: Guid = MailId }
    "DELETE FROM mails WHERE id = $1"
}

/// Takes a mail out of the queue.
pub fn delete(conn: &mut Conn, id: MailId) -> QueryResult<()> {
    Delete { id }.execute(conn).map(drop)
}

statement! {
    struct Forget<'a> { user_id: Guid = UserId, address: Nullable<Text> = Option<&'a str> }
    "DELETE FROM mails WHERE user_id = $1 OR address = $2"
}

/// Takes all mails to a person out of the queue.
pub fn forget(conn: &mut Conn, user_id: UserId, address: Option<&str>) -> QueryResult<()> {
    Forget { user_id, address }.execute(conn).map(drop)
}
