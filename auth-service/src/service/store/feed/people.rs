use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Serialize;

use super::tag;
use crate::domain::UserId;

/// What became of a person.
#[derive(Clone, Debug)]
pub enum PersonEvent {
    /// They have this name now, or are new; `uv` is the version below which their tokens count no more.
    Named { sub: UserId, name: String, external_id: Option<String>, uv: i64 },
    /// They are gone.
    Deleted { sub: UserId, keep_recipes: bool },
}

/// An event of the feed of people, as it is sent.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub seq: i64,
    pub kind: String,
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// With `external_id`: below which version tokens of theirs count no more, those of another issuer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_uv: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipes: Option<String>,
}

statement! {
    struct Advance<'a> {
        tag: Text = &'a str,
    } -> BigInt
    "UPDATE feeds SET head = head + 1, tag = $1 WHERE name = 'people' RETURNING head"
}

statement! {
    struct Insert<'a> {
        seq: BigInt = i64,
        tag: Text = &'a str,
        kind: Text = &'a str,
        sub: Text = String,
        name: Nullable<Text> = Option<&'a str>,
        external_id: Nullable<Text> = Option<&'a str>,
        recipes: Nullable<Text> = Option<&'a str>,
        min_uv: Nullable<BigInt> = Option<i64>,
    }
    "INSERT INTO people_events (seq, tag, kind, sub, name, external_id, recipes, min_uv) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
}

/// Appends to the feed of people. Whoever appends to both feeds appends to this one first, so that two transactions never
/// wait for each other.
pub fn append_person(conn: &mut Conn, event: &PersonEvent) -> QueryResult<()> {
    let tag = &tag();
    let seq = Advance { tag }.one(conn)?;
    let insert = match event {
        PersonEvent::Named { sub, name, external_id, uv } => Insert {
            seq,
            tag,
            kind: "named",
            sub: sub.to_string(),
            name: Some(name),
            external_id: external_id.as_deref(),
            recipes: None,
            min_uv: external_id.as_ref().map(|_| *uv),
        },
        PersonEvent::Deleted { sub, keep_recipes } => Insert {
            seq,
            tag,
            kind: "deleted",
            sub: sub.to_string(),
            name: None,
            external_id: None,
            recipes: Some(if *keep_recipes { "keep" } else { "delete" }),
            min_uv: None,
        },
    };
    insert.execute(conn).map(drop)
}

statement! {
    struct Hold {}
    "UPDATE feeds SET head = head WHERE name = 'people'"
}

statement! {
    struct AdvanceByAll<'a> {
        tag: Text = &'a str,
    } -> BigInt
    "UPDATE feeds SET head = head + (SELECT count(*) FROM users WHERE external_id IS NOT NULL), tag = $1 \
     WHERE name = 'people' AND EXISTS (SELECT 1 FROM users WHERE external_id IS NOT NULL) RETURNING head"
}

statement! {
    struct InsertAll<'a> {
        head: BigInt = i64,
        tag: Text = &'a str,
    }
    "INSERT INTO people_events (seq, tag, kind, sub, name, external_id, min_uv) \
     SELECT $1 + 1 - row_number() OVER (ORDER BY id), $2, 'named', \
         {postgres id::text}\
         {sqlite lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || \
             substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))}, \
         name, external_id, uv FROM users WHERE external_id IS NOT NULL"
}

/// Says of all whom another system knows of which version their tokens are. The feed is held first, so that nobody comes in
/// between.
pub fn append_all_known_elsewhere(conn: &mut Conn) -> QueryResult<()> {
    Hold {}.execute(conn)?;
    let tag = &tag();
    match (AdvanceByAll { tag }).optional(conn)? {
        Some(head) => InsertAll { head, tag }.execute(conn).map(drop),
        None => Ok(()),
    }
}
