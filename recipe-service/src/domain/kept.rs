use super::document::{Document, TooLarge};
use super::ids::PartId;
use super::search::Indexed;
use super::slug::slug;
use super::visibility::Visibility;

/// What is kept of a document: its text, and what lists show, sort and filter by.
#[derive(Clone, Debug)]
pub struct Kept {
    pub text: String,
    pub visibility: Visibility,
    pub title: String,
    /// Titles sort by it, byte by byte, on both databases alike.
    pub title_key: String,
    pub slug: String,
    /// In lower case.
    pub language: Option<String>,
    pub source_url: Option<String>,
    /// What the addresses of its source have in common.
    pub source_key: Option<String>,
    /// JSON as it is answered.
    pub tags: String,
    /// The tags as they are compared: JSON, none of them twice.
    pub tag_keys: String,
    /// JSON as it is answered.
    pub times: Option<String>,
    /// What it can be found by.
    pub words: Indexed,
    /// Whose images stay.
    pub step_ids: Vec<PartId>,
}

impl Kept {
    pub fn of(document: &Document) -> Result<Self, TooLarge> {
        let source_url = document.source.as_ref().and_then(|source| source.url.clone());
        Ok(Self {
            text: document.to_text()?,
            visibility: document.visibility,
            title: document.title.clone(),
            title_key: document.title.to_lowercase(),
            slug: slug(&document.title),
            language: document.language.as_deref().map(str::to_ascii_lowercase),
            source_key: source_url.as_deref().and_then(importer::address::key),
            source_url,
            tags: json(&document.tags),
            tag_keys: json(&tag_keys(&document.tags)),
            times: document.times.as_ref().map(json),
            words: Indexed::of(document),
            step_ids: document.step_ids(),
        })
    }
}

/// A tag as it is compared: `Soup ` and `soup` are one.
pub fn tag_key(tag: &str) -> String {
    tag.trim().to_lowercase()
}

fn tag_keys(tags: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = tags.iter().map(|tag| tag_key(tag)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("BUG: a part of a document does not serialise")
}
