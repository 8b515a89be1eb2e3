//! Importing: fetching what was only named, reading it, then keeping it.

mod fetches;

pub use self::fetches::Fetches;

use importer::{Format, Report};

use super::recipes::{Incoming, Merit, OnDuplicate, Recipes};
use super::threads::Threads;
use crate::domain::document::Document;
use crate::domain::ids::PartId;
use crate::domain::image::Links;
use crate::domain::imported;
use crate::domain::recipe::Recipe;
use crate::egress::{Page, Place};
use crate::error::Error;

/// Imports recipes. Clones share the threads that read.
#[derive(Clone)]
pub struct Imports {
    recipes: Recipes,
    readers: Threads,
    fetches: Option<Fetches>,
}

/// What was posted, and what is wanted of it.
pub struct Posted {
    pub body: Body,
    /// Where it is from.
    pub source_url: Option<String>,
    pub on_duplicate: Option<OnDuplicate>,
}

/// A text, or where one is.
pub enum Body {
    Text { text: String, format: Format },
    Page(Place),
}

/// What came of an import.
pub struct Done {
    pub recipe: Recipe,
    pub merit: Merit,
    pub report: Report,
}

/// What would come of one.
pub struct Rehearsed {
    /// JSON as it would be kept.
    pub document: String,
    pub merit: Merit,
    pub report: Report,
}

struct Read {
    document: Document,
    report: Report,
}

impl Imports {
    /// Starts the threads that read. What is only named is read where pages are fetched.
    pub fn start(recipes: Recipes, threads: usize, fetches: Option<Fetches>) -> Self {
        Self { recipes, readers: Threads::start("read", threads), fetches }
    }

    pub fn links(&self) -> &Links {
        self.recipes.links()
    }

    pub fn fetches_pages(&self) -> bool {
        self.fetches.is_some()
    }

    /// Reads what was posted and keeps it.
    pub async fn import(&self, sub: String, posted: Posted) -> Result<Done, Error> {
        let on_duplicate = posted.on_duplicate;
        let Read { document, report } = self.read(&sub, posted).await?;
        let (recipe, merit) = self.recipes.import(sub, Incoming { document, on_duplicate }).await?;
        Ok(Done { recipe, merit, report })
    }

    /// Reads what was posted, and keeps nothing.
    pub async fn rehearse(&self, sub: String, posted: Posted) -> Result<Rehearsed, Error> {
        let on_duplicate = posted.on_duplicate;
        let Read { document, report } = self.read(&sub, posted).await?;
        let incoming = Incoming { document: document.clone(), on_duplicate };
        let (existing, merit) = self.recipes.rehearse(sub, incoming).await?;
        let document = match existing {
            Some(recipe) => recipe.document,
            None => document.to_text()?,
        };
        Ok(Rehearsed { document, merit, report })
    }

    async fn read(&self, sub: &str, posted: Posted) -> Result<Read, Error> {
        let Posted { body, source_url, .. } = posted;
        match body {
            Body::Text { text, format } => {
                self.readers.run(move || read(&text, format, source_url.as_deref())).await?
            }
            Body::Page(place) => {
                let page = self.fetch(sub, place).await?;
                self.readers.run(move || read_page(page, source_url)).await?
            }
        }
    }

    async fn fetch(&self, sub: &str, place: Place) -> Result<Page, Error> {
        let fetches = self.fetches.as_ref();
        let fetches = fetches.ok_or_else(|| Error::Internal("no page is fetched here".to_owned()))?;
        fetches.fetch(sub, place).await
    }
}

fn read_page(page: Page, source_url: Option<String>) -> Result<Read, Error> {
    let (format, place) = (page.format, page.place.url().to_string());
    read(&page.text()?, format, Some(source_url.as_deref().unwrap_or(&place)))
}

fn read(text: &str, format: Format, source_url: Option<&str>) -> Result<Read, Error> {
    let read = importer::import(text, format, source_url);
    let imported = read.map_err(|report| Error::NoRecipeFound(Box::new(report)))?;
    let document = imported::document(&imported.recipe, &mut PartId::new)?;
    Ok(Read { document, report: imported.report })
}
