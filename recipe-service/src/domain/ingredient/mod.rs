//! Ingredient lines: what is kept of them, and how they come in.

mod read;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::PartId;
use super::inspection::Inspection;
use super::line::Line;
use super::rational::Rational;

pub use read::{LinesDraft, ReadIngredient};

/// A part of the ingredients with a heading of its own, such as 양념.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IngredientGroup {
    pub title: Option<String>,
    pub items: Vec<Ingredient>,
}

/// One ingredient: its line as it was written, and what is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ingredient {
    pub id: PartId,
    /// The line as it was written. It is never lost.
    pub raw: String,
    pub quantity: Option<Quantity>,
    /// A code where the unit is known (`g`, `tbsp`), else the unit's own word.
    pub unit: Option<String>,
    pub item: Option<String>,
    pub preparation: Option<String>,
    pub note: Option<String>,
    pub optional: Option<bool>,
    pub scaling: Scaling,
}

/// An amount, or a range from `min` to `max`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Quantity {
    #[schema(value_type = String, example = "3/2")]
    pub min: Rational,
    #[schema(value_type = Option<String>)]
    pub max: Option<Rational>,
}

/// What becomes of an ingredient when the recipe is made for more people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    /// It grows with the servings.
    #[default]
    Linear,
    /// It stays: one bay leaf.
    Fixed,
    /// It has no amount to scale.
    None,
}

/// A group as it is given.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IngredientGroupDraft {
    title: Option<String>,
    #[serde(default)]
    items: Vec<Line<IngredientDraft>>,
}

/// An ingredient as it is given. `raw` is required.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IngredientDraft {
    /// Made where absent.
    #[schema(format = Uuid)]
    id: Option<String>,
    #[schema(max_length = 1000)]
    raw: Option<String>,
    quantity: Option<QuantityDraft>,
    unit: Option<String>,
    item: Option<String>,
    preparation: Option<String>,
    note: Option<String>,
    optional: Option<bool>,
    #[serde(default)]
    scaling: Scaling,
}

/// An amount as it is given. `min` is required.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantityDraft {
    #[schema(example = "3/2")]
    min: Option<String>,
    max: Option<String>,
}

const MAX_GROUPS: usize = 50;
const MAX_ITEMS: usize = 500;
const MAX_RAW_CHARS: usize = 1_000;
const MAX_TITLE_CHARS: usize = 200;
const MAX_UNIT_CHARS: usize = 100;

impl IngredientGroupDraft {
    /// Takes the groups of a document in this language.
    pub(super) fn accept_all(
        groups: Vec<Self>,
        language: Option<&str>,
        inspection: &mut Inspection,
    ) -> Vec<IngredientGroup> {
        const NAME: &str = "ingredient_groups";
        inspection.at_most(NAME, groups.len(), MAX_GROUPS);
        if groups.iter().map(|group| group.items.len()).sum::<usize>() > MAX_ITEMS {
            inspection.refuse(NAME, "too_long", format!("May have at most {MAX_ITEMS} items in all."));
        }
        inspection.each(NAME, groups, |here, group| group.accept(language, here))
    }

    fn accept(self, language: Option<&str>, here: &mut Inspection) -> IngredientGroup {
        IngredientGroup {
            title: here.optional_text("title", self.title, MAX_TITLE_CHARS),
            items: here.each("items", self.items, |here, line| match line {
                Line::Plain(raw) => Ingredient::read(raw, language, here),
                Line::Structured(ingredient) => ingredient.accept(here),
            }),
        }
    }
}

impl IngredientDraft {
    fn accept(self, here: &mut Inspection) -> Ingredient {
        Ingredient {
            id: here.part_id(self.id),
            raw: here.needed_text("raw", self.raw, MAX_RAW_CHARS),
            quantity: self
                .quantity
                .and_then(|quantity| here.within("quantity", |here| quantity.accept(here))),
            unit: here.optional_text("unit", self.unit, MAX_UNIT_CHARS),
            item: here.optional_text("item", self.item, MAX_RAW_CHARS),
            preparation: here.optional_text("preparation", self.preparation, MAX_RAW_CHARS),
            note: here.optional_text("note", self.note, MAX_RAW_CHARS),
            optional: self.optional,
            scaling: self.scaling,
        }
    }
}

impl QuantityDraft {
    fn accept(self, here: &mut Inspection) -> Option<Quantity> {
        if self.min.is_none() {
            here.refuse("min", "missing_member", "Is required.");
        }
        let min = here.rational("min", self.min);
        let max = here.rational("max", self.max);
        here.range("max", min, max);
        min.map(|min| Quantity { min, max })
    }
}
