//! What happened to accounts, written once and never changed.

use common::db::types::{Guid, InstantSql, Json, JsonSql};
use common::db::{Conn, QueryResult, statement};
use common::time::Instant;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::{Value, json};

use super::sessions;
use crate::domain::{SessionId, UserId};
use crate::service::actor::Actor;

common::id! {
    /// Something that happened.
    pub struct AuditId;
}

/// Something that happened. What tells of a person's whereabouts is in `personal`, which their deletion empties, or time
/// where they are nobody who is known here.
pub struct Entry {
    pub event: &'static str,
    /// Who did it; nobody where time did, or where nobody knows.
    pub actor: Option<Actor>,
    /// Whose account it is about.
    pub user_id: Option<UserId>,
    pub session: Option<SessionId>,
    pub outcome: Outcome,
    pub detail: Value,
    /// Where it came from, if that is more than the address of the request.
    pub personal: Option<Value>,
}

/// Whether what somebody tried was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl Entry {
    /// Something that was done, and is about nobody's account.
    pub fn new(event: &'static str, actor: Option<Actor>) -> Self {
        let (outcome, detail) = (Outcome::Done, json!({}));
        Self { event, actor, user_id: None, session: None, outcome, detail, personal: None }
    }

    /// Something that was done to somebody's account.
    pub fn about(user: UserId, event: &'static str, actor: Option<Actor>) -> Self {
        Self { user_id: Some(user), ..Self::new(event, actor) }
    }

    /// Something that somebody did to their own account.
    pub fn own(user: UserId, event: &'static str) -> Self {
        Self::about(user, event, Some(Actor::Person(user)))
    }
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
        actor: Nullable<Text> = Option<String>,
        outcome: Text = &'a str,
        request_id: Nullable<Text> = Option<String>,
    } -> (InstantSql)
    "INSERT INTO audit (id, at, event, user_id, session, detail, personal, actor, outcome, request_id) \
     VALUES ($2, {now}, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING at"
}

/// Writes an entry down, within the transaction of what happened, with the request that it was done for.
pub fn write(conn: &mut Conn, offset_us: i64, entry: Entry) -> QueryResult<()> {
    let behalf = common::behalf::present();
    let client = behalf.as_ref().and_then(|behalf| behalf.client);
    let personal = entry.personal.or_else(|| client.map(|client| json!({ "ip": client })));
    Insert {
        offset_us,
        id: AuditId::new(),
        event: entry.event,
        user_id: entry.user_id,
        session: entry.session,
        detail: Json(entry.detail),
        personal: personal.map(Json),
        actor: entry.actor.map(|actor| actor.to_string()),
        outcome: entry.outcome.as_str(),
        request_id: behalf.map(|behalf| behalf.request_id),
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
    pub actor: Option<String>,
    pub outcome: String,
    pub request_id: Option<String>,
}

type Row = (
    AuditId,
    Instant,
    String,
    Option<UserId>,
    Option<SessionId>,
    Json<Value>,
    Option<Json<Value>>,
    Option<String>,
    String,
    Option<String>,
);

statement! {
    struct Page { before: Nullable<Guid> = Option<AuditId>, limit: BigInt = i64 }
    -> (Guid, InstantSql, Text, Nullable<Guid>, Nullable<Guid>, JsonSql, Nullable<JsonSql>, Nullable<Text>, Text,
        Nullable<Text>)
    "SELECT id, at, event, user_id, session, detail, personal, actor, outcome, request_id FROM audit \
     WHERE $1 IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"
}

/// Entries, the newest first.
pub fn page(conn: &mut Conn, before: Option<AuditId>, limit: i64) -> QueryResult<Vec<Noted>> {
    let rows: Vec<Row> = Page { before, limit }.all(conn)?;
    Ok(rows.into_iter().map(noted).collect())
}

fn noted(row: Row) -> Noted {
    let (id, at, event, user_id, session, Json(detail), personal, actor, outcome, request_id) = row;
    let personal = personal.map(|Json(personal)| personal);
    Noted { id, at, event, user_id, session, detail, personal, actor, outcome, request_id }
}

statement! {
    struct Of { user_id: Nullable<Guid> = Option<UserId> }
    -> (Guid, InstantSql, Text, Nullable<Guid>, Nullable<Guid>, JsonSql, Nullable<JsonSql>, Nullable<Text>, Text,
        Nullable<Text>)
    "SELECT id, at, event, user_id, session, detail, personal, actor, outcome, request_id FROM audit \
     WHERE user_id = $1 ORDER BY at, id"
}

/// Everything that was written down of a person, the oldest first.
pub fn of(conn: &mut Conn, user_id: UserId) -> QueryResult<Vec<Noted>> {
    let rows: Vec<Row> = Of { user_id: Some(user_id) }.all(conn)?;
    Ok(rows.into_iter().map(noted).collect())
}

statement! {
    struct EmptyPersonal { user_id: Nullable<Guid> = Option<UserId>, actor: Nullable<Text> = Option<String> }
    "UPDATE audit SET personal = NULL WHERE (user_id = $1 OR actor = $2) AND personal IS NOT NULL"
}

/// Forgets what tells of a person's whereabouts, those of what they did to others too; what happened stays.
pub fn empty_personal(conn: &mut Conn, user_id: UserId) -> QueryResult<()> {
    EmptyPersonal { user_id: Some(user_id), actor: Some(user_id.to_string()) }.execute(conn).map(drop)
}

statement! {
    struct ForgetStrangers { before: InstantSql = Instant }
    "UPDATE audit SET personal = NULL \
     WHERE personal IS NOT NULL AND user_id IS NULL AND actor IS NULL AND at < $1"
}

/// Forgets where those were who tried names that are nobody's, whom no deletion will ever be of, and answers of how many
/// entries; what happened stays. It is kept as long as where a session was that ended.
pub fn forget_strangers(conn: &mut Conn, offset_us: i64) -> QueryResult<usize> {
    let before = sessions::now(conn, offset_us)? - sessions::KEPT;
    ForgetStrangers { before }.execute(conn)
}
