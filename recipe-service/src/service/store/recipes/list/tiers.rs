use super::matching::Matching;
use crate::domain::listing::{PositionKey, SortKey};
use crate::domain::search::Terms;
use crate::service::store::search::{Field, all_of, but_not};

/// Recipes that a list shows before those of the next tier.
///
/// A list by relevance is made of two: those with all the words in their title come before the others; a list by a number
/// that not all have, of those that have it and the others. Each is read in the order of an index, so that a page costs its
/// own rows, however many recipes match.
pub struct Tier {
    pub score: i64,
    /// What must be found by words, in the database's own terms.
    pub sought: Option<String>,
    /// What the table of those is called that are near. Tiers that seek the same share it.
    pub near: &'static str,
    /// Whether its recipes have the number that the list is sorted by; none where it is sorted by something else.
    pub has_number: Option<bool>,
    /// Whether it is only looked for where the tier before does not fill the page.
    pub is_spare: bool,
}

/// The tiers of a list from its position on, in its order.
pub fn tiers(matching: &Matching) -> Vec<Tier> {
    let selection = matching.selection;
    let sought = matching.sought();
    let mut tiers = match (selection.sort.by, &selection.filters.words) {
        (SortKey::Time | SortKey::Rating, _) => by_number(sought, selection.sort.descending),
        (SortKey::Relevance, Some(words)) => by_title(matching, words),
        _ => vec![Tier { score: 0, sought, near: "near", has_number: None, is_spare: false }],
    };
    if let Some(PositionKey::Relevance(score, _) | PositionKey::Number(score, _)) =
        selection.after.as_ref().map(|after| &after.key)
    {
        let is_passed = |tier: &Tier| match selection.sort.descending {
            true => tier.score > *score,
            false => tier.score < *score,
        };
        tiers.retain(|tier| !is_passed(tier));
    }
    tiers.sort_by_key(|tier| if selection.sort.descending { -tier.score } else { tier.score });
    tiers.iter_mut().skip(1).for_each(|tier| tier.is_spare = true);
    tiers
}

fn by_title(matching: &Matching, words: &Terms) -> Vec<Tier> {
    let in_title = all_of([(words, Field::Title)].into_iter(), &[], matching.dialect);
    // What is in the title is in the recipe: said twice, Postgres would take it for half as frequent as it is.
    let best = matching.sought_in(Field::Title).unwrap_or_default();
    let rest = but_not(&matching.sought().unwrap_or_default(), &in_title, matching.dialect);
    [(1, best, "near_in_title"), (0, rest, "near")]
        .map(|(score, sought, near)| Tier {
            score,
            sought: Some(sought),
            near,
            has_number: None,
            is_spare: false,
        })
        .into()
}

/// Those without the number come last, whichever way the list goes.
fn by_number(sought: Option<String>, descending: bool) -> Vec<Tier> {
    let tier = |score, has_number| Tier {
        score,
        sought: sought.clone(),
        near: "near",
        has_number: Some(has_number),
        is_spare: false,
    };
    let (with, without) = if descending { (1, 0) } else { (0, 1) };
    vec![tier(with, true), tier(without, false)]
}
