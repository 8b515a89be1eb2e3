use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who may read a recipe besides its household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Nobody.
    #[default]
    Private,
    /// Whoever knows its id; no list names it.
    Unlisted,
    /// Everyone.
    Public,
}

impl Visibility {
    pub const ALL: [Self; 3] = [Self::Private, Self::Unlisted, Self::Public];

    /// The word that JSON and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Unlisted => "unlisted",
            Self::Public => "public",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visibility| visibility.as_str() == word)
    }
}
