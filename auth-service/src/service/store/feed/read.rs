use std::fmt;
use std::str::FromStr;

use common::db::types::{Guid, InstantSql};
use common::db::{Conn, QueryResult, statement};
use common::revocations::feed::{Event, Kind};
use common::time::Instant;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::{Epoch, Person};

/// A place in a feed: a number, and the tag of what has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub seq: i64,
    pub tag: String,
}

impl Cursor {
    /// True for the place before everything, in whichever life of the database.
    pub fn is_start(&self) -> bool {
        self.seq == 0 && self.tag == "0"
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.tag)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (seq, tag) = text.split_once('.').ok_or(())?;
        Ok(Self { seq: seq.parse().map_err(drop)?, tag: tag.to_owned() })
    }
}

/// The end of a feed.
pub type Head = Cursor;

/// The ends of both feeds in one snapshot.
#[derive(Clone, Debug)]
pub struct Heads {
    pub epoch: Epoch,
    /// The database's time.
    pub now: Instant,
    pub revocations: Head,
    pub people: Head,
}

statement! {
    struct ReadHeads {
        offset_us: BigInt = i64,
    } -> (Guid, InstantSql, BigInt, Text, BigInt, Text)
    "SELECT i.epoch, {now}, r.head, r.tag, p.head, p.tag FROM installation i, feeds r, feeds p \
     WHERE r.name = 'revocations' AND p.name = 'people'"
}

pub fn heads(conn: &mut Conn, offset_us: i64) -> QueryResult<Heads> {
    let (epoch, now, seq, tag, people_seq, people_tag) = ReadHeads { offset_us }.one(conn)?;
    let people = Cursor { seq: people_seq, tag: people_tag };
    Ok(Heads { epoch, now, revocations: Cursor { seq, tag }, people })
}

/// What comes after a cursor.
pub enum Page<E> {
    /// The cursor is of another life of the database, or what it stood at is long gone.
    CursorUnknown,
    Read(Reading<E>),
}

pub struct Reading<E> {
    pub events: Vec<E>,
    /// Where to go on from.
    pub cursor: Cursor,
    /// True when there is more after these.
    pub more: bool,
}

/// Reads what comes after a cursor, or from the start, in the snapshot that gave the heads.
pub fn page<L: Log>(conn: &mut Conn, heads: &Heads, after: Option<&Cursor>) -> QueryResult<Page<L::Event>> {
    let head = L::head(heads);
    let from = match after {
        None => 0,
        Some(cursor) if cursor.is_start() => 0,
        Some(cursor) if cursor == head => cursor.seq,
        Some(cursor) if cursor.seq < head.seq && L::tag(conn, cursor.seq)?.as_ref() == Some(&cursor.tag) => {
            cursor.seq
        }
        Some(_) => return Ok(Page::CursorUnknown),
    };
    let places = if from == head.seq { Vec::new() } else { L::after(conn, from, L::PAGE)? };
    let last = places.last().map(|(cursor, _)| cursor);
    let cursor = last.filter(|_| places.len() as i64 == L::PAGE).unwrap_or(head).clone();
    let more = cursor != *head;
    Ok(Page::Read(Reading { events: places.into_iter().map(|(_, event)| event).collect(), cursor, more }))
}

/// An event with its place.
pub type Place<E> = (Cursor, E);

/// One of the feeds, as it is read.
pub trait Log {
    type Event: Send + Sync + 'static;

    /// The most events of a page.
    const PAGE: i64;

    /// Its end.
    fn head(heads: &Heads) -> &Head;

    /// The tag of the event of this number, if it is still there.
    fn tag(conn: &mut Conn, seq: i64) -> QueryResult<Option<String>>;

    /// The events after this number, at most `limit`.
    fn after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<Place<Self::Event>>>;
}

pub struct Revocations;

statement! {
    struct RevocationTag {
        seq: BigInt = i64,
    } -> Text
    "SELECT tag FROM revocations WHERE seq = $1"
}

statement! {
    struct KeysChangedAfter {
        seq: BigInt = i64,
    } -> Bool
    "SELECT EXISTS (SELECT 1 FROM revocations WHERE seq > $1 AND kind IN ('key', 'keys_changed'))"
}

/// True when the signing keys are others than they were at this number.
pub fn keys_changed_after(conn: &mut Conn, seq: i64) -> QueryResult<bool> {
    KeysChangedAfter { seq }.one(conn)
}

statement! {
    struct RevocationsAfter {
        seq: BigInt = i64,
        limit: BigInt = i64,
    } -> (BigInt, Text, Text, Text, Nullable<BigInt>, Nullable<InstantSql>)
    "SELECT seq, tag, kind, target, min_uv, until FROM revocations WHERE seq > $1 ORDER BY seq LIMIT $2"
}

impl Log for Revocations {
    type Event = Event;

    /// A verifier that starts reads all that is alive, page after page.
    const PAGE: i64 = 4000;

    fn head(heads: &Heads) -> &Head {
        &heads.revocations
    }

    fn tag(conn: &mut Conn, seq: i64) -> QueryResult<Option<String>> {
        RevocationTag { seq }.optional(conn)
    }

    fn after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<Place<Event>>> {
        type Row = (i64, String, String, String, Option<i64>, Option<Instant>);
        let rows: Vec<Row> = RevocationsAfter { seq, limit }.all(conn)?;
        let place = |(seq, tag, kind, id, min_uv, until): Row| {
            let until = until.map(Instant::as_micros);
            (Cursor { seq, tag }, Event { seq, kind: kind_of(&kind), id, min_uv, until })
        };
        Ok(rows.into_iter().map(place).collect())
    }
}

fn kind_of(text: &str) -> Kind {
    match text {
        "session" => Kind::Session,
        "token" => Kind::Token,
        "subject" => Kind::Subject,
        "key" => Kind::Key,
        "keys_changed" => Kind::KeysChanged,
        _ => unreachable!("BUG: the table refuses other kinds"),
    }
}

pub struct People;

statement! {
    struct PeopleTag {
        seq: BigInt = i64,
    } -> Text
    "SELECT tag FROM people_events WHERE seq = $1"
}

statement! {
    struct PeopleAfter {
        seq: BigInt = i64,
        limit: BigInt = i64,
    } -> (BigInt, Text, Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<BigInt>)
    "SELECT seq, tag, kind, sub, name, external_id, recipes, min_uv FROM people_events \
     WHERE seq > $1 ORDER BY seq LIMIT $2"
}

impl Log for People {
    type Event = Person;

    /// Whoever follows applies a page in one transaction.
    const PAGE: i64 = 1000;

    fn head(heads: &Heads) -> &Head {
        &heads.people
    }

    fn tag(conn: &mut Conn, seq: i64) -> QueryResult<Option<String>> {
        PeopleTag { seq }.optional(conn)
    }

    fn after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<Place<Person>>> {
        type Row = (i64, String, String, String, Option<String>, Option<String>, Option<String>, Option<i64>);
        let rows: Vec<Row> = PeopleAfter { seq, limit }.all(conn)?;
        let place = |(seq, tag, kind, sub, name, external_id, recipes, min_uv): Row| {
            (Cursor { seq, tag }, Person { seq, kind, sub, name, external_id, min_uv, recipes })
        };
        Ok(rows.into_iter().map(place).collect())
    }
}
