//! What a list is asked for.

use common::time::Instant;
use serde::{Deserialize, Serialize};

use super::ids::RecipeId;
use super::search::Terms;
use super::visibility::Visibility;

/// Which recipes a list shows, of those that its reader may see. A recipe passes every filter that is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filters {
    /// Words anywhere in it.
    pub words: Option<Terms>,
    /// Phrases in its ingredient lines.
    pub ingredients: Vec<Terms>,
    pub not_ingredients: Vec<Terms>,
    pub visibility: Option<Visibility>,
    /// A subject.
    pub owner: Option<String>,
    /// Tags as they are compared.
    pub tags: Vec<String>,
    pub not_tags: Vec<String>,
    /// In seconds. What says no total time does not pass.
    pub max_total_time: Option<u32>,
    /// In lower case; `en` includes `en-us` (RFC 4647 §3.3.1).
    pub language: Option<String>,
    pub updated_since: Option<Instant>,
}

impl Filters {
    /// What must be found by words.
    pub fn sought(&self) -> impl Iterator<Item = &Terms> {
        self.words.iter().chain(&self.ingredients)
    }

    /// True where something is asked for that has no word in it: no recipe has that.
    pub fn find_nothing(&self) -> bool {
        self.sought().any(Terms::is_empty)
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sort {
    pub by: SortKey,
    pub descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SortKey {
    /// With all the words in its title before the others; among equals the latest change.
    Relevance,
    Updated,
    Created,
    Title,
}

impl Sort {
    /// The latest change first.
    pub const DEFAULT: Self = Self { by: SortKey::Updated, descending: true };

    /// The best match first.
    pub const BEST: Self = Self { by: SortKey::Relevance, descending: true };

    /// Reads `title`, or `-title` for the other way round. `relevance` begins with the best.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let by = match name {
            "relevance" => return Some(Self { by: SortKey::Relevance, descending: !descending }),
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
    /// Which tier, and when it was changed.
    Relevance(i64, Instant),
}
