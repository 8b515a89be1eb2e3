//! The wire form of the feed's events, `GET /internal/people?after=&wait=`. The envelope is that of the revocations.

use serde::Deserialize;

use crate::service::people::{Change, Fate};

/// What became of a person. Members that we do not know are for others.
#[derive(Debug, Deserialize)]
pub struct Event {
    kind: Kind,
    sub: String,
    name: Option<String>,
    external_id: Option<String>,
    min_uv: Option<i64>,
    recipes: Option<Recipes>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Named,
    Deleted,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Recipes {
    Delete,
    Keep,
}

impl From<Event> for Change {
    fn from(event: Event) -> Self {
        let Event { kind, sub, name, external_id, min_uv, recipes } = event;
        match (kind, recipes) {
            (Kind::Named, _) => Self::Named { sub, name, external_id, min_uv: min_uv.unwrap_or(0) },
            (Kind::Deleted, Some(Recipes::Keep)) => Self::Deleted { sub, recipes: Fate::PublicKept },
            (Kind::Deleted, Some(Recipes::Delete) | None) => Self::Deleted { sub, recipes: Fate::Deleted },
        }
    }
}
