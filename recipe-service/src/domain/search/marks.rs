use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};

use super::labels::LabelKind;
use crate::domain::document::Document;
use crate::domain::kept::tag_key;

/// Something that recipes are filtered by, as a token of the index of words that no text has: so a filter and words are
/// one question, and the index knows by itself what fulfils both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(String);

/// A letter to both databases, and none to the tokenizer.
const BEGINNING: char = '\u{e002}';

/// So many bytes of a hash say what is meant: no two of all labels there are will share them.
const BYTES: usize = 16;

impl Mark {
    /// `tag` is folded.
    pub fn tag(tag: &str) -> Self {
        Self::of("tag", tag)
    }

    /// `label` is folded.
    pub fn label(kind: LabelKind, label: &str) -> Self {
        Self::of(kind.as_str(), label)
    }

    /// `tag` is a language tag in lower case.
    pub fn language(tag: &str) -> Self {
        Self::of("language", tag)
    }

    fn of(kind: &str, value: &str) -> Self {
        let hash = digest(&SHA256, format!("{kind} {value}").as_bytes());
        let mut mark = String::from(BEGINNING);
        for byte in &hash.as_ref()[..BYTES] {
            let _ = write!(mark, "{byte:02x}");
        }
        Self(mark)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The marks of a document that has these labels, none twice.
pub(super) fn marks(document: &Document, labels: &[(LabelKind, String)]) -> Vec<Mark> {
    let tags = document.tags.iter().map(|tag| Mark::tag(&tag_key(tag)));
    let filtered = labels.iter().filter(|(kind, _)| matches!(kind, LabelKind::Cuisine | LabelKind::Diet));
    let language = document.language.as_deref().unwrap_or_default().to_ascii_lowercase();
    let mut marks: Vec<Mark> = tags.collect();
    marks.extend(filtered.map(|(kind, label)| Mark::label(*kind, label)));
    marks.extend(ranges(&language).map(Mark::language));
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// The language ranges that include a language tag (RFC 4647, 3.3.1): `zh`, `zh-hant`, `zh-hant-tw`.
fn ranges(language: &str) -> impl Iterator<Item = &str> {
    let ends = language.match_indices('-').map(|(at, _)| at);
    ends.chain((!language.is_empty()).then_some(language.len())).map(|end| &language[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_included_by_all_that_it_begins_with() {
        assert_eq!(ranges("zh-hant-tw").collect::<Vec<_>>(), ["zh", "zh-hant", "zh-hant-tw"]);
        assert_eq!(ranges("ko").collect::<Vec<_>>(), ["ko"]);
        assert_eq!(ranges("").count(), 0);
    }

    #[test]
    fn a_tag_and_a_label_of_the_same_name_are_two() {
        assert_ne!(Mark::tag("korean"), Mark::label(LabelKind::Cuisine, "korean"));
    }
}
