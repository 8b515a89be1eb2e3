//! What happened to accounts, written once and never changed.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;

use crate::domain::{SessionId, UserId};

common::id! {
    struct AuditId;
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
