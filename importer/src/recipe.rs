//! A recipe as it was read: in the form in which recipes are written, within its limits.

use ingredients::Quantity;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What was read of a recipe. It serialises as a recipe is written; what is absent is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Recipe {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A language tag (BCP 47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#yield: Option<Yield>,
    #[serde(skip_serializing_if = "Times::is_empty")]
    pub times: Times,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingredient_groups: Vec<IngredientGroup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub step_groups: Vec<StepGroup>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub nutrition: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cuisines: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diets: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    #[serde(rename = "source", skip_serializing_if = "Origin::is_empty")]
    pub origin: Origin,
    /// The whole of it, where the source is an export that holds it.
    #[serde(skip)]
    pub whole: Option<Map<String, Value>>,
    /// `images`: the addresses of its pictures; `notes`: what its author adds.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extras: Map<String, Value>,
}

/// How much comes of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Yield {
    /// As it was written.
    pub raw: String,
    /// A reduced fraction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity_max: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// How long it takes, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prep: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cook: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
}

/// Where it is from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IngredientGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub items: Vec<Ingredient>,
}

/// A line, or what is known of one beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Ingredient {
    /// To be read by whoever keeps it.
    Line(String),
    Known(Known),
}

/// An ingredient whose parts its source tells apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Known {
    pub raw: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "quantity")]
    pub quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preparation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional: Option<bool>,
    pub scaling: Scaling,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    #[default]
    Linear,
    Fixed,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StepGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub items: Vec<Step>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Step {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// The ingredients that it uses, counted over all groups from 0.
    #[serde(skip)]
    pub uses: Vec<usize>,
}

impl Recipe {
    /// Has what makes it a recipe: something to take or something to do.
    pub fn says_something(&self) -> bool {
        self.ingredient_groups.iter().any(|group| !group.items.is_empty())
            || self.step_groups.iter().any(|group| !group.items.is_empty())
    }
}

impl Ingredient {
    /// The line as it was written.
    pub fn raw(&self) -> &str {
        match self {
            Self::Line(raw) => raw,
            Self::Known(known) => &known.raw,
        }
    }
}

impl Times {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Origin {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn quantity<S: Serializer>(quantity: &Option<Quantity>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written {
        min: String,
        max: Option<String>,
    }
    let written = quantity.as_ref().map(|Quantity { min, max }| Written {
        min: min.to_string(),
        max: max.as_ref().map(ToString::to_string),
    });
    written.serialize(serializer)
}
