use std::collections::{HashMap, HashSet};

use super::sent::Sent;

/// What people look for in titles: the first two words of so many of them, evenly taken.
pub fn of_titles(recipes: &[Sent], count: usize) -> Vec<String> {
    let evenly = recipes.iter().step_by((recipes.len() / count).max(1));
    let searches = evenly.map(|recipe| words(recipe.title()).take(2).collect::<Vec<_>>().join(" "));
    searches.filter(|search| !search.is_empty()).take(count).collect()
}

/// The words that most recipes have in their ingredient lines, the commonest first.
pub fn commonest(recipes: &[Sent], count: usize) -> Vec<String> {
    let mut words = by_frequency(recipes, |recipe| recipe.ingredients().flat_map(words).collect());
    words.truncate(count);
    words
}

/// The tags, those of the most recipes first.
pub fn tags(recipes: &[Sent]) -> Vec<String> {
    by_frequency(recipes, |recipe| recipe.tags().map(str::to_lowercase).collect())
}

/// The languages, those of the most recipes first.
pub fn languages(recipes: &[Sent]) -> Vec<String> {
    by_frequency(recipes, |recipe| recipe.language().map(str::to_owned).into_iter().collect())
}

fn by_frequency(recipes: &[Sent], of: impl Fn(&Sent) -> HashSet<String>) -> Vec<String> {
    let mut recipes_with: HashMap<String, usize> = HashMap::new();
    for word in recipes.iter().flat_map(of) {
        *recipes_with.entry(word).or_default() += 1;
    }
    let mut words: Vec<(String, usize)> = recipes_with.into_iter().collect();
    words.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    words.into_iter().map(|(word, _)| word).collect()
}

pub fn encoded_all(words: &[String]) -> Vec<String> {
    words.iter().map(|word| encoded(word)).collect()
}

/// Words as a value of a query.
pub fn encoded(words: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    words.bytes().map(byte).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase)
}
