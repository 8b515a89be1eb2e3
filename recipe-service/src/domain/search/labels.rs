use serde::Serialize;

use crate::domain::document::Document;
use crate::domain::kept::tag_key;

/// What a recipe is filtered by and counted by, besides tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelKind {
    Cuisine,
    Diet,
    Category,
    Ingredient,
}

impl LabelKind {
    /// The word that the database uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cuisine => "cuisine",
            Self::Diet => "diet",
            Self::Category => "category",
            Self::Ingredient => "ingredient",
        }
    }
}

/// What is longer is a sentence, and nothing that several recipes have.
const MAX_CHARS: usize = 200;

/// The labels of a document, folded as tags are.
pub(super) fn labels(document: &Document) -> Vec<(LabelKind, String)> {
    let items = document.ingredient_groups.iter().flat_map(|group| &group.items);
    let of = |kind: LabelKind, words: &[String]| -> Vec<(LabelKind, String)> {
        words.iter().map(|word| (kind, tag_key(word))).collect()
    };
    let mut labels = of(LabelKind::Cuisine, &document.cuisines);
    labels.extend(of(LabelKind::Diet, &document.diets));
    labels.extend(of(LabelKind::Category, &document.categories));
    labels.extend(
        items.filter_map(|item| item.item.as_ref()).map(|item| (LabelKind::Ingredient, tag_key(item))),
    );
    labels.retain(|(_, label)| !label.is_empty() && label.chars().count() <= MAX_CHARS);
    labels.sort_unstable();
    labels.dedup();
    labels
}
