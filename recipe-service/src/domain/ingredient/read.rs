//! Lines as people write them, read.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Ingredient, MAX_ITEMS, MAX_RAW_CHARS, Quantity, Scaling};
use crate::domain::ids::PartId;
use crate::domain::inspection::{Inspection, Violation};

/// Lines that are to be read. `lines` is required.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesDraft {
    #[schema(max_items = 500, example = json!(["두부 200g(1/2모)", "1 1/2 cups flour, sifted"]))]
    lines: Vec<String>,
    /// A language tag (BCP 47), for lines that could be of more than one.
    #[schema(example = "ko")]
    language: Option<String>,
}

/// An ingredient that was read from its line, and how sure that is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadIngredient {
    #[serde(flatten)]
    pub ingredient: Ingredient,
    /// From 0 to 1: less for a unit that is not known and for a line without an amount.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f32,
}

impl LinesDraft {
    /// Reads every line, in their order, or answers every violation. Ids come from `new_id`.
    pub fn read(self, new_id: &mut dyn FnMut() -> PartId) -> Result<Vec<ReadIngredient>, Vec<Violation>> {
        let mut inspection = Inspection::new(new_id);
        inspection.at_most("lines", self.lines.len(), MAX_ITEMS);
        let language = inspection.language("language", self.language);
        let read = inspection.within("lines", |here| {
            let lines = self.lines.into_iter().enumerate();
            lines.map(|(index, line)| ReadIngredient::read(index, line, language.as_deref(), here)).collect()
        });
        let violations = inspection.into_violations();
        if violations.is_empty() { Ok(read) } else { Err(violations) }
    }
}

impl ReadIngredient {
    fn read(name: impl fmt::Display, raw: String, language: Option<&str>, here: &mut Inspection) -> Self {
        let raw = here.text(name, raw, MAX_RAW_CHARS);
        // A line that is refused is not read: reading takes time.
        let is_read = raw.chars().count() <= MAX_RAW_CHARS;
        let parsed = if is_read { ingredients::parse(&raw, language) } else { Default::default() };
        let ingredient = Ingredient {
            id: here.part_id(None),
            raw,
            quantity: parsed.quantity.map(Quantity::from),
            unit: parsed.unit,
            item: parsed.item.map(within_limit),
            preparation: parsed.preparation.map(within_limit),
            note: parsed.note.map(within_limit),
            optional: parsed.optional,
            scaling: Scaling::default(),
        };
        Self { ingredient, confidence: parsed.confidence }
    }
}

impl Ingredient {
    /// Reads the line of a document in this language.
    pub(super) fn read(raw: String, language: Option<&str>, here: &mut Inspection) -> Self {
        ReadIngredient::read("raw", raw, language, here).ingredient
    }
}

impl From<ingredients::Quantity> for Quantity {
    fn from(read: ingredients::Quantity) -> Self {
        Self { min: read.min, max: read.max }
    }
}

/// What is read of a line may be longer than the line, by the commas between its notes. The line itself keeps it all.
fn within_limit(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_RAW_CHARS) {
        text.truncate(end);
    }
    text
}
