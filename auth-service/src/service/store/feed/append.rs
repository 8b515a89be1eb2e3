use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::ids::Uuid;
use common::revocations::feed::{Event, Kind};
use common::time::Instant;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use super::{Epoch, tag};
use crate::domain::SessionId;

/// Something that ends before its time, about to be said on the feed.
#[derive(Clone, Debug)]
pub enum NewEvent {
    /// A session, with every token of it.
    Session(SessionId),
    /// One access token, by its `jti`.
    Token(String),
    /// The tokens of a subject that are of a version below `min_uv`.
    Subject { sub: String, min_uv: i64 },
    /// A signing key, for ever.
    Key(String),
    /// The signing keys are others than before.
    KeysChanged,
}

/// Events that a transaction wrote, to be told to those who wait once it is committed.
#[derive(Clone, Debug)]
#[must_use = "hand it to Feed::committed once the transaction is committed"]
pub struct Appended {
    pub epoch: Uuid,
    /// The database's time when they were numbered.
    pub now: Instant,
    pub events: Vec<Event>,
}

/// For how long an event is remembered: no access token lives longer than an hour, whatever is configured, and clocks
/// may differ by what ten minutes cover.
const KEPT_US: i64 = 70 * 60 * 1_000_000;

statement! {
    struct Advance<'a> {
        offset_us: BigInt = i64,
        count: BigInt = i64,
        tag: Text = &'a str,
    } -> (BigInt, InstantSql, Guid)
    "UPDATE feeds SET head = head + $2, tag = $3 WHERE name = 'revocations' \
     RETURNING head, {now}, (SELECT epoch FROM installation)"
}

statement! {
    /// All events at once, as JSON: others wait for the lock that is held meanwhile.
    struct Insert<'a> {
        events: Text = &'a str,
    }
    "INSERT INTO revocations (seq, tag, kind, target, min_uv, until) \
     {postgres SELECT seq, tag, kind, target, min_uv, timestamptz 'epoch' + until * interval '1 microsecond' \
         FROM json_to_recordset($1::json) \
             AS e (seq bigint, tag text, kind text, target text, min_uv bigint, until bigint)}\
     {sqlite SELECT value ->> 'seq', value ->> 'tag', value ->> 'kind', value ->> 'target', value ->> 'min_uv', \
         value ->> 'until' FROM json_each($1)}"
}

#[derive(Serialize)]
struct Row<'a> {
    seq: i64,
    tag: &'a str,
    kind: Kind,
    target: &'a str,
    min_uv: Option<i64>,
    until: Option<i64>,
}

/// Appends to the feed of revocations: the last thing that a transaction does, since it holds the feed's lock, which puts
/// the numbers in the order of commits, until it ends.
pub fn append(conn: &mut Conn, offset_us: i64, events: &[NewEvent]) -> QueryResult<Appended> {
    let tags: Vec<String> = events.iter().map(|_| tag()).collect();
    let Some(last) = tags.last() else { return Ok(Appended::nothing()) };
    let count = events.len() as i64;
    let (head, now, epoch): (i64, Instant, Epoch) = Advance { offset_us, count, tag: last }.one(conn)?;
    let events: Vec<Event> =
        (head - count + 1..).zip(events).map(|(seq, event)| event.numbered(seq, now)).collect();
    let rows: Vec<Row<'_>> = events.iter().zip(&tags).map(|(event, tag)| Row::of(event, tag)).collect();
    let rows = serde_json::to_string(&rows).expect("BUG: an event is not JSON");
    Insert { events: &rows }.execute(conn)?;
    Ok(Appended { epoch: epoch.as_uuid(), now, events })
}

impl Appended {
    fn nothing() -> Self {
        Self { epoch: Uuid::nil(), now: Instant::UNIX_EPOCH, events: Vec::new() }
    }
}

impl NewEvent {
    fn numbered(&self, seq: i64, now: Instant) -> Event {
        let until = Some(now.as_micros() + KEPT_US);
        let event = |kind, id| Event { seq, kind, id, min_uv: None, until };
        match self {
            Self::Session(id) => event(Kind::Session, id.to_string()),
            Self::Token(jti) => event(Kind::Token, jti.clone()),
            Self::Subject { sub, min_uv } => {
                Event { min_uv: Some(*min_uv), ..event(Kind::Subject, sub.clone()) }
            }
            Self::Key(kid) => Event { until: None, ..event(Kind::Key, kid.clone()) },
            Self::KeysChanged => event(Kind::KeysChanged, String::new()),
        }
    }
}

impl<'a> Row<'a> {
    fn of(event: &'a Event, tag: &'a str) -> Self {
        let Event { seq, kind, id, min_uv, until } = event;
        Self { seq: *seq, tag, kind: *kind, target: id, min_uv: *min_uv, until: *until }
    }
}
