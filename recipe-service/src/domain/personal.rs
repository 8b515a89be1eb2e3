use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::inspection::{Inspection, Violation};

/// What one person keeps to themselves about a recipe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Personal {
    /// From 1 to 5. It counts for the recipe's own rating.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
    pub favourite: bool,
    pub note: Option<String>,
}

/// The same as it is given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalDraft {
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<i64>,
    #[serde(default)]
    favourite: bool,
    #[schema(max_length = 4000)]
    note: Option<String>,
}

const MAX_NOTE_CHARS: usize = 4_000;

impl PersonalDraft {
    /// Takes it, or answers every violation.
    pub fn accept(self) -> Result<Personal, Vec<Violation>> {
        // It has no parts.
        let mut no_ids = || unreachable!("BUG: what has no parts needs no ids");
        let mut inspection = Inspection::new(&mut no_ids);
        let rating =
            self.rating.and_then(|rating| i16::try_from(rating).ok()).filter(|it| (1..=5).contains(it));
        if rating.is_none() && self.rating.is_some() {
            inspection.refuse("rating", "out_of_range", "Must be between 1 and 5.");
        }
        let personal = Personal {
            rating,
            favourite: self.favourite,
            note: inspection.optional_text("note", self.note, MAX_NOTE_CHARS),
        };
        let violations = inspection.into_violations();
        if violations.is_empty() { Ok(personal) } else { Err(violations) }
    }
}
