//! What a list can be asked.

use common::time::Instant;
use common::web::Limit;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::kept::tag_key;
use crate::domain::language::is_language_tag;
use crate::domain::listing::{Filters, Sort};
use crate::domain::search::Terms;
use crate::domain::visibility::Visibility;

/// The parameters of a list of recipes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// How many recipes at most.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// `relevance`, `updated`, `created` or `title`; with `-` the other way round. Without, the best first where words are
    /// asked for, else the latest change.
    #[param(value_type = Option<String>)]
    sort: Option<SortName>,
    /// Words that it must have, all of them, in its title, description, ingredient lines, steps or tags; in quotes, as a
    /// phrase.
    #[param(value_type = Option<String>)]
    q: Option<Question>,
    /// Words that an ingredient line must have side by side. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    ingredient: Phrases,
    /// Words that no ingredient line may have so. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    not_ingredient: Phrases,
    visibility: Option<Visibility>,
    /// Whose, by the id of their account.
    owner: Option<String>,
    /// A tag that it must have. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    tag: Tags,
    /// A tag that it may not have. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    not_tag: Tags,
    /// How long it may take in all, in seconds.
    max_total_time: Option<u32>,
    /// A language tag (BCP 47); `en` includes `en-US`.
    #[param(value_type = Option<String>)]
    language: Option<Language>,
    updated_since: Option<Instant>,
}

/// A name of [`Sort`].
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct SortName(Sort);

/// At most so many tags, as they are compared: each is a look-up for every recipe that is looked at.
#[derive(Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
struct Tags(Vec<String>);

/// Words, unless it is blank.
#[derive(Deserialize)]
#[serde(from = "String")]
struct Question(Option<Terms>);

/// At most so many, as for tags.
#[derive(Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
struct Phrases(Vec<Terms>);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Language(String);

const MAX_TAGS: usize = 20;

impl ListQuery {
    pub fn filters(&self) -> Filters {
        Filters {
            words: self.words().cloned(),
            ingredients: self.ingredient.0.clone(),
            not_ingredients: self.not_ingredient.0.clone(),
            visibility: self.visibility,
            owner: self.owner.clone(),
            tags: self.tag.0.clone(),
            not_tags: self.not_tag.0.clone(),
            max_total_time: self.max_total_time,
            language: self.language.as_ref().map(|language| language.0.clone()),
            updated_since: self.updated_since,
        }
    }

    pub fn sort(&self) -> Sort {
        let default = if self.words().is_some() { Sort::BEST } else { Sort::DEFAULT };
        self.sort.as_ref().map_or(default, |sort| sort.0)
    }

    fn words(&self) -> Option<&Terms> {
        self.q.as_ref().and_then(|question| question.0.as_ref())
    }
}

impl TryFrom<String> for SortName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Sort::parse(&name).map(Self).ok_or("not a sort key")
    }
}

impl TryFrom<Vec<String>> for Tags {
    type Error = &'static str;

    fn try_from(tags: Vec<String>) -> Result<Self, Self::Error> {
        if tags.len() > MAX_TAGS {
            return Err("too many tags");
        }
        Ok(Self(tags.iter().map(|tag| tag_key(tag)).collect()))
    }
}

impl From<String> for Question {
    fn from(text: String) -> Self {
        Self((!text.trim().is_empty()).then(|| Terms::parse(&text)))
    }
}

impl TryFrom<Vec<String>> for Phrases {
    type Error = &'static str;

    fn try_from(phrases: Vec<String>) -> Result<Self, Self::Error> {
        if phrases.len() > MAX_TAGS {
            return Err("too many phrases");
        }
        Ok(Self(phrases.iter().map(|phrase| Terms::phrase(phrase)).collect()))
    }
}

impl TryFrom<String> for Language {
    type Error = &'static str;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        if is_language_tag(&tag) { Ok(Self(tag.to_ascii_lowercase())) } else { Err("not a language tag") }
    }
}
