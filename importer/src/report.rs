//! What became of everything that was there.

use std::collections::BTreeMap;

use serde::Serialize;

/// Where the fields of a recipe are from, and what of its source is in none of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportReport))]
pub struct Report {
    /// The fields that were found.
    pub fields: Vec<Found>,
    /// What was there and is not kept as it was.
    pub dropped: Vec<Dropped>,
    /// What was broken and could be mended without guessing.
    pub mended: Vec<Mended>,
}

/// A field of the recipe, and what it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportedField))]
pub struct Found {
    /// Its name in the recipe: `title`, `times.prep`.
    pub field: String,
    pub source: Source,
    /// Its name there: `recipeYield`, `og:title`, `재료`.
    pub member: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportDropped))]
pub struct Dropped {
    pub source: Source,
    /// Its name there.
    pub member: String,
    pub reason: Reason,
    /// How often.
    pub count: usize,
    /// What it said, shortened, where the name does not tell.
    pub detail: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportMended))]
pub struct Mended {
    pub source: Source,
    /// What was wrong.
    pub what: String,
}

/// The parts of a source that speak of recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportSource))]
pub enum Source {
    JsonLd,
    Microdata,
    /// Markup of the plugin WP Recipe Maker.
    Wprm,
    /// Markup of the plugin Tasty Recipes.
    Tasty,
    /// Markup of the plugin Create by Mediavine.
    Mediavine,
    /// The page around: its head, its headings, its lists.
    Page,
    Text,
    Markdown,
    Cooklang,
    /// Given with the request.
    Request,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportReason))]
pub enum Reason {
    /// A recipe has no place for it.
    NoPlace,
    /// It is of a recipe that is not the first of the page.
    OtherRecipe,
    /// It makes no sense where it stands, such as a time without a number.
    Unreadable,
    /// It is blank, or a time of zero.
    Blank,
    /// It was longer than is kept, and cut.
    TooLong,
    /// There were more than are kept.
    TooMany,
    /// It is broken beyond mending.
    Broken,
}

/// A report holds no more entries of a kind.
const MAX_ENTRIES: usize = 300;
const MAX_NAME_CHARS: usize = 100;
const MAX_DETAIL_CHARS: usize = 120;

/// A report that is being written.
#[derive(Default)]
pub struct Notes {
    found: Vec<Found>,
    dropped: BTreeMap<(Source, String, Reason), (usize, Option<String>)>,
    mended: Vec<Mended>,
}

impl Notes {
    pub fn found(&mut self, field: &str, source: Source, member: &str) {
        if self.found.iter().all(|found| found.field != field) {
            let member = shortened(member, MAX_NAME_CHARS);
            self.found.push(Found { field: field.to_owned(), source, member });
        }
    }

    /// Says of a field that was found that it is from elsewhere.
    pub fn found_instead(&mut self, field: &str, source: Source, member: &str) {
        self.found.retain(|found| found.field != field);
        self.found(field, source, member);
    }

    pub fn is_found(&self, field: &str) -> bool {
        self.found.iter().any(|found| found.field == field)
    }

    /// Where a field was found.
    pub fn source_of(&self, field: &str) -> Option<(Source, String)> {
        let found = self.found.iter().find(|found| found.field == field)?;
        Some((found.source, found.member.clone()))
    }

    pub fn lost(&mut self, field: &str) {
        self.found.retain(|found| found.field != field);
    }

    pub fn dropped(&mut self, source: Source, member: &str, reason: Reason) {
        self.dropped_saying(source, member, reason, None);
    }

    pub fn dropped_saying(&mut self, source: Source, member: &str, reason: Reason, detail: Option<&str>) {
        let key = (source, shortened(member, MAX_NAME_CHARS), reason);
        if !self.dropped.contains_key(&key) && self.dropped.len() >= MAX_ENTRIES {
            let rest = (source, "…".to_owned(), Reason::TooMany);
            self.dropped.entry(rest).or_default().0 += 1;
            return;
        }
        let entry = self.dropped.entry(key).or_default();
        entry.0 += 1;
        if entry.1.is_none() {
            entry.1 = detail.map(|detail| shortened(detail, MAX_DETAIL_CHARS));
        }
    }

    pub fn mended(&mut self, source: Source, what: &str) {
        let mended = Mended { source, what: what.to_owned() };
        if !self.mended.contains(&mended) && self.mended.len() < MAX_ENTRIES {
            self.mended.push(mended);
        }
    }

    /// Takes over what another reader dropped, whose fields are used.
    pub fn also_dropped(&mut self, other: Notes) {
        for ((source, member, reason), (count, detail)) in other.dropped {
            self.dropped_saying(source, &member, reason, detail.as_deref());
            if let Some(entry) = self.dropped.get_mut(&(source, member, reason)) {
                entry.0 += count - 1;
            }
        }
        other.mended.into_iter().for_each(|mended| self.mended(mended.source, &mended.what));
    }

    pub fn into_report(self) -> Report {
        let dropped = self.dropped.into_iter().map(|((source, member, reason), (count, detail))| Dropped {
            source,
            member,
            reason,
            count,
            detail,
        });
        Report { fields: self.found, dropped: dropped.collect(), mended: self.mended }
    }
}

fn shortened(text: &str, max: usize) -> String {
    let text: String = text.chars().filter(|character| *character != '\0').collect();
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
