//! What a list is asked for.

use common::time::Instant;
use serde::{Deserialize, Serialize};

use super::ids::RecipeId;
use super::search::{LabelKind, Terms};
use super::visibility::Visibility;

/// Which recipes a list shows, of those that its reader may see. A recipe passes every filter that is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filters {
    /// Words anywhere in it.
    pub words: Option<Terms>,
    /// Phrases in its ingredient lines.
    pub ingredients: Vec<Terms>,
    pub not_ingredients: Vec<Terms>,
    /// Words in its title.
    pub title: Option<Terms>,
    pub visibility: Option<Visibility>,
    /// A subject.
    pub owner: Option<String>,
    /// Tags as they are compared.
    pub tags: Vec<String>,
    pub not_tags: Vec<String>,
    /// As tags are compared.
    pub cuisines: Vec<String>,
    pub diets: Vec<String>,
    /// Whether it is one of the reader's favourites.
    pub favourite: Option<bool>,
    /// In seconds. What says no total time does not pass.
    pub max_total_time: Option<u32>,
    /// In lower case; `en` includes `en-us` (RFC 4647 §3.3.1).
    pub language: Option<String>,
    pub updated_since: Option<Instant>,
}

impl Filters {
    /// What must be found by words.
    pub fn sought(&self) -> impl Iterator<Item = &Terms> {
        self.words.iter().chain(&self.ingredients).chain(&self.title)
    }

    /// True where every recipe passes.
    pub fn are_none(&self) -> bool {
        self.are_in_index() && self.sought().next().is_none() && !self.have_marks()
    }

    /// True where the index of words knows all of them.
    pub fn are_in_index(&self) -> bool {
        let needs_a_look = self.owner.is_some()
            || self.favourite.is_some()
            || self.max_total_time.is_some()
            || self.updated_since.is_some()
            || matches!(self.visibility, Some(Visibility::Private | Visibility::Unlisted))
            || !self.not_tags.is_empty()
            || !self.not_ingredients.is_empty();
        !needs_a_look
    }

    fn have_marks(&self) -> bool {
        !self.tags.is_empty()
            || !self.cuisines.is_empty()
            || !self.diets.is_empty()
            || self.language.is_some()
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
    /// The total time. Recipes that say none come last, either way.
    Time,
    /// The mean rating. Recipes that have none come last, either way.
    Rating,
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
            "time" => SortKey::Time,
            "rating" => SortKey::Rating,
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
    /// Which tier, and the number, which those of the last tier lack.
    Number(i64, Option<i64>),
}

/// By what recipes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    Tag,
    Label(LabelKind),
}

impl Facet {
    pub const ALL: [Self; 5] = [
        Self::Tag,
        Self::Label(LabelKind::Cuisine),
        Self::Label(LabelKind::Diet),
        Self::Label(LabelKind::Category),
        Self::Label(LabelKind::Ingredient),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Label(kind) => kind.as_str(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == word)
    }
}

/// How many recipes of a list have a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub facet: Facet,
    pub word: String,
    pub count: i64,
}
