//! What happened to accounts, written once and never changed.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;

use crate::domain::{SessionId, UserId};

common::id! {
    /// Something that happened.
    pub struct AuditId;
}

/// Something that happened. What tells of a person's whereabouts is in `personal`, which their deletion empties.
pub struct Entry {
    pub event: &'static str,
    pub user_id: Option<UserId>,
    pub session: Option<SessionId>,
    pub detail: Value,
    pub personal: Option<Value>,
}

statement! {
    struct Insert<'a> {
        offset_us: BigInt = i64,
        id: Guid = AuditId,
        event: Text = &'a str,
        user_id: Nullable<Guid> = Option<UserId>,
        session: Nullable<Guid> = Option<SessionId>,
        detail: JsonSql = Json<Value>,
        personal: Nullable<JsonSql> = Option<Json<Value>>,
    } -> (InstantSql)
    "INSERT INTO audit (id, at, event, user_id, session, detail, personal) \
     VALUES ($2, {now}, $3, $4, $5, $6, $7) RETURNING at"
}

/// Writes an entry down, within the transaction of what happened.
pub fn write(conn: &mut Conn, offset_us: i64, entry: Entry) -> QueryResult<()> {
    Insert {
        offset_us,
        id: AuditId::new(),
        event: entry.event,
        user_id: entry.user_id,
        session: entry.session,
        detail: Json(entry.detail),
        personal: entry.personal.map(Json),
    }
    .one::<Instant>(conn)
    .map(drop)
}

/// An entry as it was written down.
#[derive(Clone, Debug)]
pub struct Noted {
    pub id: AuditId,
    pub at: Instant,
    pub event: String,
    pub user_id: Option<UserId>,
    pub session: Option<SessionId>,
    pub detail: Value,
    pub personal: Option<Value>,
}

type Row = (AuditId, Instant, String, Option<UserId>, Option<SessionId>, Json<Value>, Option<Json<Value>>);

statement! {
    struct Page { before: Nullable<Guid> = Option<AuditId>, limit: BigInt = i64 }
    -> (Guid, InstantSql, Text, Nullable<Guid>, Nullable<Guid>, JsonSql, Nullable<JsonSql>)
    "SELECT id, at, event, user_id, session, detail, personal FROM audit \
     WHERE $1 IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"
}

/// Entries, the newest first.
pub fn page(conn: &mut Conn, before: Option<AuditId>, limit: i64) -> QueryResult<Vec<Noted>> {
    let rows: Vec<Row> = Page { before, limit }.all(conn)?;
    Ok(rows.into_iter().map(noted).collect())
}

fn noted((id, at, event, user_id, session, Json(detail), personal): Row) -> Noted {
    Noted { id, at, event, user_id, session, detail, personal: personal.map(|Json(personal)| personal) }
}

statement! {
    struct Of { user_id: Nullable<Guid> = Option<UserId> }
    -> (Guid, InstantSql, Text, Nullable<Guid>, Nullable<Guid>, JsonSql, Nullable<JsonSql>)
    "SELECT id, at, event, user_id, session, detail, personal FROM audit WHERE user_id = $1 ORDER BY at, id"
}

/// Everything that was written down of a person, the oldest first.
pub fn of(conn: &mut Conn, user_id: UserId) -> QueryResult<Vec<Noted>> {
    let rows: Vec<Row> = Of { user_id: Some(user_id) }.all(conn)?;
    Ok(rows.into_iter().map(noted).collect())
}

statement! {
    struct EmptyPersonal { user_id: Nullable<Guid> = Option<UserId> }
    "UPDATE audit SET personal = NULL WHERE user_id = $1 AND personal IS NOT NULL"
}

/// Forgets what tells of a person's whereabouts; what happened stays.
pub fn empty_personal(conn: &mut Conn, user_id: UserId) -> QueryResult<()> {
    EmptyPersonal { user_id: Some(user_id) }.execute(conn).map(drop)
}
