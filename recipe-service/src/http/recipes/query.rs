//! What a list can be asked.

use common::time::Instant;
use common::web::Limit;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::kept::tag_key;
use crate::domain::language::is_language_tag;
use crate::domain::listing::{Filters, Sort};
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
    /// `updated`, `created` or `title`; with `-` the other way round.
    #[serde(default = "default_sort")]
    #[param(value_type = String, default = "-updated")]
    pub sort: SortName,
    visibility: Option<Visibility>,
    /// Whose, by the id of their account.
    owner: Option<String>,
    /// A tag that it must have. May be repeated.
    #[serde(default)]
    #[param(value_type = Vec<String>)]
    tag: Tags,
    /// A language tag (BCP 47); `en` includes `en-US`.
    #[param(value_type = Option<String>)]
    language: Option<Language>,
    updated_since: Option<Instant>,
}

/// A name of [`Sort`].
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct SortName(pub Sort);

/// At most so many tags, as they are compared: each is a look-up for every recipe that is looked at.
#[derive(Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
struct Tags(Vec<String>);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Language(String);

const MAX_TAGS: usize = 20;

impl ListQuery {
    pub fn filters(&self) -> Filters {
        Filters {
            visibility: self.visibility,
            owner: self.owner.clone(),
            tags: self.tag.0.clone(),
            language: self.language.as_ref().map(|language| language.0.clone()),
            updated_since: self.updated_since,
        }
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

impl TryFrom<String> for Language {
    type Error = &'static str;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        if is_language_tag(&tag) { Ok(Self(tag.to_ascii_lowercase())) } else { Err("not a language tag") }
    }
}

fn default_sort() -> SortName {
    SortName(Sort::DEFAULT)
}
