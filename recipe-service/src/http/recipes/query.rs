//! What a list can be asked.

use common::time::Instant;
use common::web::{Limit, Problem, codes};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::kept::tag_key;
use crate::domain::language::is_language_tag;
use crate::domain::listing::{Facet, Filters, Sort};
use crate::domain::search::Terms;
use crate::domain::visibility::Visibility;

/// The parameters of a list of recipes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// How many recipes at most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// The number of a page, from 1, in the place of a cursor. What is written meanwhile shifts such pages.
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Option<u32>,
    /// How many recipes at most on a page that has a number.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    per_page: Option<Limit>,
    /// By what all pages are counted: `tag`, `cuisine`, `diet`, `category`, `ingredient`, with commas between.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "tag,cuisine")]
    facets: Facets,
    /// Shows where the words are.
    #[serde(default)]
    highlight: bool,
    /// `relevance`, `updated`, `created`, `title`, `time` or `rating`; with `-` the other way round. Without, the best first where words are
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
    /// A cuisine that it must have. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    cuisine: Tags,
    /// A diet that it must have. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    diet: Tags,
    /// Whether it is one of one's own favourites.
    favourite: Option<bool>,
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

/// Words of a facet, none twice.
#[derive(Default, Deserialize)]
#[serde(try_from = "String")]
struct Facets(Vec<Facet>);

/// A page that has a number.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// From 1.
    pub number: u32,
    pub size: u32,
}

impl Numbered {
    /// How many recipes are on the pages before it.
    pub fn skip(self) -> u32 {
        (self.number - 1) * self.size
    }

    /// The other pages of a list of so many recipes, by what they are to this one.
    pub fn others(self, total: i64) -> Vec<(u32, &'static str)> {
        let reachable = total.clamp(0, MAX_NUMBERED.into()) as u32;
        let last = reachable.div_ceil(self.size).max(1);
        let mut others = vec![(1, "first"), (last, "last")];
        others.extend((self.number > 1).then(|| ((self.number - 1).min(last), "prev")));
        others.extend((self.number < last).then_some((self.number + 1, "next")));
        others
    }
}

const MAX_NUMBERED: u32 = 10_000;

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
            title: None,
            cuisines: self.cuisine.0.clone(),
            diets: self.diet.0.clone(),
            favourite: self.favourite,
            max_total_time: self.max_total_time,
            language: self.language.as_ref().map(|language| language.0.clone()),
            updated_since: self.updated_since,
        }
    }

    pub fn sort(&self) -> Sort {
        let default = if self.words().is_some() { Sort::BEST } else { Sort::DEFAULT };
        self.sort.as_ref().map_or(default, |sort| sort.0)
    }

    /// The page by its number, where it is asked for so. Beyond the first ten thousand recipes there is the cursor: what is
    /// left out costs as much as what is shown.
    pub fn numbered(&self) -> Result<Option<Numbered>, Problem> {
        if self.page.is_none() && self.per_page.is_none() {
            return Ok(None);
        }
        if self.cursor.is_some() || self.limit.is_some() {
            return Err(Problem::new(&codes::INVALID_PARAMETER).detail(
                "The parameters \"page\" and \"per_page\" do not go together with cursor and limit.",
            ));
        }
        let (number, size) = (self.page.unwrap_or(1), self.per_page.unwrap_or_default().get());
        match number.checked_mul(size) {
            Some(1..=MAX_NUMBERED) => Ok(Some(Numbered { number, size })),
            _ => Err(Problem::new(&codes::INVALID_PARAMETER).detail(format!(
                "The parameter \"page\" leads beyond the first {MAX_NUMBERED} recipes. Use cursors."
            ))),
        }
    }

    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or_default().get()
    }

    pub fn facets(&self) -> Vec<Facet> {
        self.facets.0.clone()
    }

    pub fn is_highlighted(&self) -> bool {
        self.highlight
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

impl TryFrom<String> for Facets {
    type Error = &'static str;

    fn try_from(names: String) -> Result<Self, Self::Error> {
        let facets: Option<Vec<Facet>> = names.split(',').map(Facet::parse).collect();
        let mut facets = facets.ok_or("not a facet")?;
        facets.sort_unstable();
        facets.dedup();
        Ok(Self(facets))
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
