//! What to do, step by step.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::PartId;
use super::ignored::Ignored;
use super::image::Picture;
use super::inspection::Inspection;
use super::line::Line;

/// A part of the method with a heading of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepGroup {
    pub title: Option<String>,
    pub items: Vec<Step>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Step {
    pub id: PartId,
    pub text: String,
    pub name: Option<String>,
    /// In seconds.
    pub duration: Option<u32>,
    /// The ingredients that it uses.
    pub ingredient_ids: Vec<PartId>,
    /// Kept beside the document's text, and put in where it is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub image: Option<Picture>,
}

/// A group as it is given.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepGroupDraft {
    title: Option<String>,
    #[serde(default)]
    items: Vec<Line<StepDraft>>,
}

/// A step as it is given. `text` is required.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepDraft {
    /// Made where absent.
    #[schema(format = Uuid)]
    id: Option<String>,
    #[schema(max_length = 10000)]
    text: Option<String>,
    name: Option<String>,
    /// In seconds, up to 366 days.
    duration: Option<i64>,
    #[serde(default)]
    ingredient_ids: Vec<String>,
    #[serde(default, rename = "image")]
    _image: Ignored,
}

const MAX_ITEMS: usize = 500;
const MAX_TEXT_CHARS: usize = 10_000;
const MAX_NAME_CHARS: usize = 200;
const MAX_REFERENCES: usize = 500;

impl StepGroupDraft {
    /// Takes the groups of a document, after its ingredients.
    pub(super) fn accept_all(groups: Vec<Self>, inspection: &mut Inspection) -> Vec<StepGroup> {
        inspection.each("step_groups", groups, |here, group| group.accept(here))
    }

    fn accept(self, here: &mut Inspection) -> StepGroup {
        here.at_most("items", self.items.len(), MAX_ITEMS);
        StepGroup {
            title: here.optional_text("title", self.title, MAX_NAME_CHARS),
            items: here.each("items", self.items, |here, line| StepDraft::from(line).accept(here)),
        }
    }
}

impl From<Line<StepDraft>> for StepDraft {
    fn from(line: Line<Self>) -> Self {
        match line {
            Line::Plain(text) => Self { text: Some(text), ..Self::default() },
            Line::Structured(step) => step,
        }
    }
}

impl StepDraft {
    fn accept(self, here: &mut Inspection) -> Step {
        // The references first: a step's own id is none of an ingredient.
        let ingredient_ids = here.part_references("ingredient_ids", self.ingredient_ids, MAX_REFERENCES);
        Step {
            id: here.part_id(self.id),
            text: here.needed_text("text", self.text, MAX_TEXT_CHARS),
            name: here.optional_text("name", self.name, MAX_NAME_CHARS),
            duration: here.seconds("duration", self.duration),
            ingredient_ids,
            image: None,
        }
    }
}
