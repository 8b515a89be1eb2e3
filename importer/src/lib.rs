//! Reads a recipe out of what people have: a page of the web, its JSON-LD, pasted text, Markdown, Cooklang.
//!
//! Pure: a text in, a recipe and a report out. The report says of every field what it was read from, and of everything
//! else why it was dropped. Nothing panics on any text, and nothing takes more than its length is worth: every reader is
//! linear, and what could be followed for ever (references, properties in properties) has a budget.

pub mod address;
mod amount;
pub mod cooklang;
mod dom;
pub mod duration;
pub mod front_matter;
mod json_ld;
mod limits;
mod outline;
mod page;
mod plain;
mod recipe;
mod report;

pub use self::recipe::{
    Ingredient, IngredientGroup, Known, Origin, Recipe, Scaling, Step, StepGroup, Times, Yield,
};
pub use self::report::{Dropped, Found, Mended, Reason, Report, Source};

use self::report::Notes;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page of the web.
    Html,
    /// The JSON-LD of one.
    JsonLd,
    /// Text as it is pasted.
    Text,
    Markdown,
    Cooklang,
}

/// What was read, and what became of the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub recipe: Recipe,
    pub report: Report,
}

/// The most that is read, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// A recipe whose source has no title is called so.
pub const UNTITLED: &str = "Untitled";

/// Reads the recipe of a text, within the limits of recipes. `address` is where the text is from, if that is known
/// better than the text says.
///
/// # Errors
/// No recipe is in it; the report says what was.
pub fn import(text: &str, format: Format, address: Option<&str>) -> Result<Imported, Report> {
    let mut notes = Notes::default();
    // A byte beyond would be another bound than the stated one.
    let read = if text.len() > MAX_BYTES { None } else { read(text, format, &mut notes) };
    let Some(mut recipe) = read.filter(Recipe::says_something) else { return Err(notes.into_report()) };
    if let Some(address) = address {
        recipe.origin.url = Some(address.to_owned());
        notes.found_instead("source.url", Source::Request, "source_url");
    }
    limits::keep_to(&mut recipe, &mut notes);
    if recipe.title.trim().is_empty() {
        recipe.title = UNTITLED.to_owned();
        notes.found_instead("title", Source::Request, "none");
    }
    if !recipe.says_something() {
        return Err(notes.into_report());
    }
    Ok(Imported { recipe, report: notes.into_report() })
}

fn read(text: &str, format: Format, notes: &mut Notes) -> Option<Recipe> {
    match format {
        Format::Html => page::read(text, notes),
        Format::JsonLd => json_ld_text(text, notes),
        Format::Text => outline::read_text(text, notes),
        Format::Markdown => outline::read_markdown(text, notes),
        Format::Cooklang => cooklang::read(text, notes),
    }
}

fn json_ld_text(text: &str, notes: &mut Notes) -> Option<Recipe> {
    let Some(read) = json_ld::repair::read(text) else {
        notes.dropped_saying(Source::JsonLd, "document", Reason::Broken, Some(text));
        return None;
    };
    read.mended.iter().for_each(|what| notes.mended(Source::JsonLd, what));
    json_ld::read(&[read.value], Source::JsonLd, notes)
}
