use super::labels::{LabelKind, labels};
use super::marks::{Mark, marks};
use super::tokens;
use crate::domain::document::Document;

/// How documents are indexed. Those that are indexed in an older form are indexed again.
pub const SEARCH_FORMAT: i16 = 3;

/// What can be found of a document.
#[derive(Clone, Debug, Default)]
pub struct Indexed {
    pub title: Vec<Token>,
    pub ingredients: Vec<Token>,
    /// Description, tags, steps.
    pub others: Vec<Token>,
    /// What it can be filtered by and is counted by, besides tags: none twice.
    pub labels: Vec<(LabelKind, String)>,
    /// What it can be filtered by together with words: none twice.
    pub marks: Vec<Mark>,
}

/// A token, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    /// From 1, over all of the document. Between two lines one number is left out, so that no phrase goes over their edge.
    pub position: u16,
}

/// Postgres keeps no larger position. What comes behind is found by neither database.
const MAX_POSITION: u16 = 16_383;

impl Indexed {
    pub fn of(document: &Document) -> Self {
        let mut last = 0;
        let mut lines = |lines: &mut dyn Iterator<Item = &str>| positioned(lines, &mut last);
        let items = document.ingredient_groups.iter().flat_map(|group| &group.items);
        let steps = document.step_groups.iter().flat_map(|group| &group.items);
        let titles = document.ingredient_groups.iter().filter_map(|group| group.title.as_deref());
        let words = document.tags.iter().map(String::as_str).chain(document.description.as_deref());
        let labels = labels(document);
        Self {
            title: lines(&mut std::iter::once(document.title.as_str())),
            ingredients: lines(&mut items.map(|item| item.raw.as_str())),
            marks: marks(document, &labels),
            labels,
            others: lines(&mut words.chain(titles).chain(steps.map(|step| step.text.as_str()))),
        }
    }
}

fn positioned(lines: &mut dyn Iterator<Item = &str>, last: &mut u16) -> Vec<Token> {
    let mut positioned = Vec::new();
    for line in lines {
        *last = last.saturating_add(1);
        for text in tokens(line) {
            *last = last.saturating_add(1);
            if *last > MAX_POSITION {
                return positioned;
            }
            positioned.push(Token { text, position: *last });
        }
    }
    positioned
}
