use common::db::Dialect;

use super::list::Selection;
use crate::domain::listing::{PositionKey, SortKey};
use crate::domain::search::Terms;
use crate::service::store::search::{Field, all_of, but_not};

/// Recipes that are found equally well.
///
/// A list by relevance is made of two: those with all the words in their title come before the others. Each is read in
/// the order of an index, so that a page costs its own rows, however many recipes have the words.
pub struct Tier {
    pub score: i64,
    /// What must be found by words, in the database's own terms.
    pub sought: Option<String>,
}

/// The tiers of a list from its position on.
pub fn tiers(selection: &Selection, dialect: Dialect) -> Vec<Tier> {
    let filters = &selection.filters;
    let anywhere = filters.words.iter().map(|words| (words, Field::Anywhere));
    let sought =
        all_of(anywhere.chain(filters.ingredients.iter().map(|words| (words, Field::Ingredients))), dialect);
    match (&filters.words, selection.sort.by) {
        (Some(words), SortKey::Relevance) => by_title(&sought, words, selection, dialect),
        _ => vec![Tier { score: 0, sought: (!sought.is_empty()).then_some(sought) }],
    }
}

fn by_title(sought: &str, words: &Terms, selection: &Selection, dialect: Dialect) -> Vec<Tier> {
    let in_title = all_of([(words, Field::Title)].into_iter(), dialect);
    let best = Tier { score: 1, sought: Some(both(sought, &in_title, dialect)) };
    let rest = Tier { score: 0, sought: Some(but_not(sought, &in_title, dialect)) };
    let mut tiers = vec![best, rest];
    if let Some(PositionKey::Relevance(score, _)) = selection.after.as_ref().map(|after| &after.key) {
        let is_passed = |tier: &Tier| match selection.sort.descending {
            true => tier.score > *score,
            false => tier.score < *score,
        };
        tiers.retain(|tier| !is_passed(tier));
    }
    tiers
}

fn both(a: &str, b: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => format!("{a} & {b}"),
        Dialect::Sqlite => format!("{a} AND {b}"),
    }
}
