use common::db::{Conn, QueryResult, statement};
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Serialize;

use super::tag;
use crate::domain::UserId;

/// What became of a person.
#[derive(Clone, Debug)]
pub enum PersonEvent {
    /// They have this name now, or are new.
    Named { sub: UserId, name: String, external_id: Option<String> },
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
    }
    "INSERT INTO people_events (seq, tag, kind, sub, name, external_id, recipes) VALUES ($1, $2, $3, $4, $5, $6, $7)"
}

/// Appends to the feed of people. Whoever appends to both feeds appends to this one first, so that two transactions never
/// wait for each other.
pub fn append_person(conn: &mut Conn, event: &PersonEvent) -> QueryResult<()> {
    let tag = &tag();
    let seq = Advance { tag }.one(conn)?;
    let insert = match event {
        PersonEvent::Named { sub, name, external_id } => Insert {
            seq,
            tag,
            kind: "named",
            sub: sub.to_string(),
            name: Some(name),
            external_id: external_id.as_deref(),
            recipes: None,
        },
        PersonEvent::Deleted { sub, keep_recipes } => Insert {
            seq,
            tag,
            kind: "deleted",
            sub: sub.to_string(),
            name: None,
            external_id: None,
            recipes: Some(if *keep_recipes { "keep" } else { "delete" }),
        },
    };
    insert.execute(conn).map(drop)
}
