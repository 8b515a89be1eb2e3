//! Importing: reading what was posted, then keeping it.

use importer::{Format, Report};

use super::recipes::{Incoming, Merit, OnDuplicate, Recipes};
use super::threads::Threads;
use crate::domain::document::Document;
use crate::domain::ids::PartId;
use crate::domain::image::Links;
use crate::domain::imported;
use crate::domain::recipe::Recipe;
use crate::error::Error;

/// Imports recipes. Clones share the threads that read.
#[derive(Clone)]
pub struct Imports {
    recipes: Recipes,
    readers: Threads,
}

/// What was posted, and what is wanted of it.
pub struct Posted {
    pub text: String,
    pub format: Format,
    /// Where it is from.
    pub source_url: Option<String>,
    pub on_duplicate: Option<OnDuplicate>,
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
    /// Starts the threads that read.
    pub fn start(recipes: Recipes, threads: usize) -> Self {
        Self { recipes, readers: Threads::start("read", threads) }
    }

    pub fn links(&self) -> &Links {
        self.recipes.links()
    }

    /// Reads what was posted and keeps it.
    pub async fn import(&self, sub: String, posted: Posted) -> Result<Done, Error> {
        let on_duplicate = posted.on_duplicate;
        let Read { document, report } = self.read(posted).await?;
        let (recipe, merit) = self.recipes.import(sub, Incoming { document, on_duplicate }).await?;
        Ok(Done { recipe, merit, report })
    }

    /// Reads what was posted, and keeps nothing.
    pub async fn rehearse(&self, sub: String, posted: Posted) -> Result<Rehearsed, Error> {
        let on_duplicate = posted.on_duplicate;
        let Read { document, report } = self.read(posted).await?;
        let incoming = Incoming { document: document.clone(), on_duplicate };
        let (existing, merit) = self.recipes.rehearse(sub, incoming).await?;
        let document = match existing {
            Some(recipe) => recipe.document,
            None => document.to_text()?,
        };
        Ok(Rehearsed { document, merit, report })
    }

    async fn read(&self, posted: Posted) -> Result<Read, Error> {
        self.readers.run(move || read(&posted)).await?
    }
}

fn read(posted: &Posted) -> Result<Read, Error> {
    let read = importer::import(&posted.text, posted.format, posted.source_url.as_deref());
    let imported = read.map_err(|report| Error::NoRecipeFound(Box::new(report)))?;
    let document = imported::document(&imported.recipe, &mut PartId::new)?;
    Ok(Read { document, report: imported.report })
}
