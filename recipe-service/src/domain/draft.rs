use serde::Deserialize;
use utoipa::ToSchema;

use super::document::{Document, Source, Times, Yield};
use super::ids::PartId;
use super::ignored::Ignored;
use super::ingredient::IngredientGroupDraft;
use super::inspection::{Inspection, Violation};
use super::json::FreeObject;
use super::steps::StepGroupDraft;
use super::visibility::Visibility;

/// A recipe as it is given, of the right types but not yet within the limits.
///
/// Only `title` is required. Members that the service sets may be sent back, and are ignored.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    #[schema(min_length = 1, max_length = 200, required)]
    title: Option<String>,
    #[schema(max_length = 4000)]
    description: Option<String>,
    /// A language tag (BCP 47).
    #[schema(example = "ko")]
    language: Option<String>,
    r#yield: Option<YieldDraft>,
    times: Option<TimesDraft>,
    #[schema(max_items = 50)]
    #[serde(default)]
    ingredient_groups: Vec<IngredientGroupDraft>,
    #[serde(default)]
    step_groups: Vec<StepGroupDraft>,
    nutrition: Option<FreeObject>,
    #[schema(max_items = 100)]
    #[serde(default)]
    tags: Vec<String>,
    #[schema(max_items = 100)]
    #[serde(default)]
    cuisines: Vec<String>,
    #[schema(max_items = 100)]
    #[serde(default)]
    categories: Vec<String>,
    #[schema(max_items = 100)]
    #[serde(default)]
    diets: Vec<String>,
    #[schema(max_items = 100)]
    #[serde(default)]
    tools: Vec<String>,
    source: Option<SourceDraft>,
    #[serde(default)]
    visibility: Visibility,
    /// Anything, up to 16 KiB as JSON.
    extras: Option<FreeObject>,

    #[serde(default, rename = "id")]
    _id: Ignored,
    #[serde(default, rename = "version")]
    _version: Ignored,
    #[serde(default, rename = "owner")]
    _owner: Ignored,
    #[serde(default, rename = "cover")]
    _cover: Ignored,
    #[serde(default, rename = "rating")]
    _rating: Ignored,
    #[serde(default, rename = "created_at")]
    _created_at: Ignored,
    #[serde(default, rename = "updated_at")]
    _updated_at: Ignored,
    #[serde(default, rename = "published_at")]
    _published_at: Ignored,
    #[serde(default, rename = "slug")]
    _slug: Ignored,
}

/// How much comes of it, as it is given. `raw` is required.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YieldDraft {
    raw: Option<String>,
    #[schema(example = "2")]
    quantity: Option<String>,
    quantity_max: Option<String>,
    unit: Option<String>,
}

/// How long it takes, in seconds up to 366 days.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimesDraft {
    prep: Option<i64>,
    cook: Option<i64>,
    rest: Option<i64>,
    total: Option<i64>,
}

/// Where it is from.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDraft {
    #[schema(format = "uri")]
    url: Option<String>,
    name: Option<String>,
    author: Option<String>,
}

const MAX_TITLE_CHARS: usize = 200;
const MAX_DESCRIPTION_CHARS: usize = 4_000;
const MAX_LINE_CHARS: usize = 1_000;
const MAX_WORDS: usize = 100;
const MAX_WORD_CHARS: usize = 200;
const MAX_FREE_BYTES: usize = 16 * 1024;

impl Draft {
    /// Makes it a document, or answers every violation. Ids of parts that have none come from `new_id`.
    pub fn accept(self, new_id: &mut dyn FnMut() -> PartId) -> Result<Document, Vec<Violation>> {
        let mut inspection = Inspection::new(new_id);
        let document = self.inspect(&mut inspection);
        let violations = inspection.into_violations();
        if violations.is_empty() { Ok(document) } else { Err(violations) }
    }

    fn inspect(self, here: &mut Inspection) -> Document {
        let spoken = self.language.clone();
        Document {
            title: here.telling_text("title", self.title, MAX_TITLE_CHARS),
            description: here.optional_text("description", self.description, MAX_DESCRIPTION_CHARS),
            language: here.language("language", self.language),
            r#yield: self.r#yield.map(|given| here.within("yield", |here| given.accept(here))),
            times: self.times.map(|given| here.within("times", |here| given.accept(here))),
            ingredient_groups: IngredientGroupDraft::accept_all(
                self.ingredient_groups,
                spoken.as_deref(),
                here,
            ),
            step_groups: StepGroupDraft::accept_all(self.step_groups, here),
            nutrition: here.free_object("nutrition", self.nutrition, MAX_FREE_BYTES),
            tags: here.words("tags", self.tags, MAX_WORDS, MAX_WORD_CHARS),
            cuisines: here.words("cuisines", self.cuisines, MAX_WORDS, MAX_WORD_CHARS),
            categories: here.words("categories", self.categories, MAX_WORDS, MAX_WORD_CHARS),
            diets: here.words("diets", self.diets, MAX_WORDS, MAX_WORD_CHARS),
            tools: here.words("tools", self.tools, MAX_WORDS, MAX_WORD_CHARS),
            source: self.source.map(|given| here.within("source", |here| given.accept(here))),
            extras: here.free_object("extras", self.extras, MAX_FREE_BYTES),
            visibility: self.visibility,
        }
    }
}

impl YieldDraft {
    fn accept(self, here: &mut Inspection) -> Yield {
        let quantity = here.rational("quantity", self.quantity);
        let quantity_max = here.rational("quantity_max", self.quantity_max);
        here.range("quantity_max", quantity, quantity_max);
        Yield {
            raw: here.needed_text("raw", self.raw, MAX_LINE_CHARS),
            quantity,
            quantity_max,
            unit: here.optional_text("unit", self.unit, MAX_WORD_CHARS),
        }
    }
}

impl TimesDraft {
    fn accept(self, here: &mut Inspection) -> Times {
        Times {
            prep: here.seconds("prep", self.prep),
            cook: here.seconds("cook", self.cook),
            rest: here.seconds("rest", self.rest),
            total: here.seconds("total", self.total),
        }
    }
}

impl SourceDraft {
    fn accept(self, here: &mut Inspection) -> Source {
        Source {
            url: here.web_address("url", self.url),
            name: here.optional_text("name", self.name, MAX_LINE_CHARS),
            author: here.optional_text("author", self.author, MAX_LINE_CHARS),
        }
    }
}
