use serde::Serialize;
use utoipa::ToSchema;

use super::ids::PartId;
use super::image::{Gallery, Images};
use super::ingredient::IngredientGroup;
use super::json::FreeObject;
use super::rational::Rational;
use super::steps::StepGroup;
use super::visibility::Visibility;

/// What its household wrote of a recipe: complete, within the limits, in the form that is kept and answered.
///
/// Only [`Draft::accept`](super::draft::Draft::accept) makes one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[non_exhaustive]
pub struct Document {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    pub description: Option<String>,
    /// A language tag (BCP 47).
    #[schema(example = "ko")]
    pub language: Option<String>,
    pub r#yield: Option<Yield>,
    pub times: Option<Times>,
    pub ingredient_groups: Vec<IngredientGroup>,
    pub step_groups: Vec<StepGroup>,
    pub nutrition: Option<FreeObject>,
    pub tags: Vec<String>,
    pub cuisines: Vec<String>,
    pub categories: Vec<String>,
    pub diets: Vec<String>,
    pub tools: Vec<String>,
    pub source: Option<Source>,
    /// What its household keeps with it for programs of its own.
    pub extras: Option<FreeObject>,
    // Kept beside the document's text, for publishing changes it alone.
    #[serde(skip)]
    pub visibility: Visibility,
}

/// How much comes of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Yield {
    /// As it was written: `2-3인분`.
    pub raw: String,
    #[schema(value_type = Option<String>, example = "2")]
    pub quantity: Option<Rational>,
    #[schema(value_type = Option<String>, example = "3")]
    pub quantity_max: Option<Rational>,
    pub unit: Option<String>,
}

/// How long it takes, in seconds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Times {
    pub prep: Option<u32>,
    pub cook: Option<u32>,
    pub rest: Option<u32>,
    pub total: Option<u32>,
}

/// Where it is from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Source {
    pub url: Option<String>,
    pub name: Option<String>,
    pub author: Option<String>,
}

/// The document as JSON is larger than [`MAX_DOCUMENT_BYTES`].
#[derive(Debug)]
pub struct TooLarge;

/// The most that is kept of a recipe, in bytes of JSON: 512 KiB.
pub const MAX_DOCUMENT_BYTES: usize = 512 * 1024;

/// The form of the stored text. A later form gets the next number, and is read beside this one.
pub const FORMAT: i16 = 1;

impl Document {
    /// The text that is kept, and answered as it is behind the members that the service sets: an object of JSON.
    pub fn to_text(&self) -> Result<String, TooLarge> {
        let text = self.to_json();
        if text.len() > MAX_DOCUMENT_BYTES { Err(TooLarge) } else { Ok(text) }
    }

    /// The same to be answered, however large it became by what it is seen with.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("BUG: a document does not serialise")
    }

    /// Puts in the images of its steps.
    pub fn illustrate(&mut self, images: &Images, gallery: &Gallery) {
        for step in self.step_groups.iter_mut().flat_map(|group| &mut group.items) {
            step.image = images.steps.get(&step.id).map(|image| gallery.picture(image));
        }
    }

    pub fn step_ids(&self) -> Vec<PartId> {
        self.step_groups.iter().flat_map(|group| &group.items).map(|step| step.id).collect()
    }
}
