//! What a list is asked for.

use common::time::Instant;
use serde::{Deserialize, Serialize};

use super::ids::RecipeId;
use super::visibility::Visibility;

/// Which recipes a list shows, of those that its reader may see. A recipe passes every filter that is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filters {
    pub visibility: Option<Visibility>,
    /// A subject.
    pub owner: Option<String>,
    /// Tags as they are compared.
    pub tags: Vec<String>,
    /// In lower case; `en` includes `en-us` (RFC 4647 §3.3.1).
    pub language: Option<String>,
    pub updated_since: Option<Instant>,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sort {
    pub by: SortKey,
    pub descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SortKey {
    Updated,
    Created,
    Title,
}

impl Sort {
    /// The latest change first.
    pub const DEFAULT: Self = Self { by: SortKey::Updated, descending: true };

    /// Reads `title`, or `-title` for the other way round.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let by = match name {
            "updated" => SortKey::Updated,
            "created" => SortKey::Created,
            "title" => SortKey::Title,
            _ => return None,
        };
        Some(Self { by, descending })
    }
}

/// Where a page ended: the last recipe's sort key and, since keys can be equal, its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub key: PositionKey,
    pub id: RecipeId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PositionKey {
    Time(Instant),
    Title(String),
}
