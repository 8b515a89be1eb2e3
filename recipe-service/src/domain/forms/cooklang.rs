use std::collections::HashSet;
use std::fmt::Write;

use super::Shown;
use super::front_matter::front_matter;
use super::words::words;
use crate::domain::ids::PartId;
use crate::domain::ingredient::{Ingredient, IngredientGroup, Quantity, Scaling};
use crate::domain::steps::Step;

/// A recipe as Cooklang: each ingredient stands in the step that uses it, as far as that is known, and the others are
/// got ready first.
pub fn cooklang(shown: &Shown) -> String {
    let document = &shown.viewed.document;
    let items: Vec<&Ingredient> = document.ingredient_groups.iter().flat_map(|group| &group.items).collect();
    let mut placed = HashSet::new();
    let mut method = String::new();
    for group in &document.step_groups {
        if let Some(title) = &group.title {
            let _ = write!(method, "\n= {}\n", safe(title));
        }
        for step in &group.items {
            let _ = write!(method, "\n{}\n", with_components(step, &items, &mut placed));
        }
    }
    let mut text = front_matter(shown);
    let prepare = words(document.language.as_deref()).prepare;
    for group in &document.ingredient_groups {
        text.push_str(&others(group, prepare, &placed));
    }
    text + &method
}

/// The ingredients of a group that no step mentions.
fn others(group: &IngredientGroup, prepare: &str, placed: &HashSet<PartId>) -> String {
    let others: Vec<String> = group
        .items
        .iter()
        .filter(|item| !placed.contains(&item.id))
        .map(|item| component(item, &name(item)))
        .collect();
    let title = group.title.as_deref().map(safe);
    match others.is_empty() {
        true => String::new(),
        false => format!("\n{} {}\n", title.as_deref().unwrap_or(prepare), others.join(" ")),
    }
}

/// A step's text, in which the first mention of each ingredient that was not placed yet is the ingredient.
fn with_components(step: &Step, items: &[&Ingredient], placed: &mut HashSet<PartId>) -> String {
    let text = safe(&step.text);
    let mut mentions: Vec<(usize, usize, &Ingredient)> = Vec::new();
    for item in items.iter().filter(|item| !placed.contains(&item.id)) {
        let wanted = name(item);
        let is_used = step.ingredient_ids.is_empty() || step.ingredient_ids.contains(&item.id);
        let at = if is_used && item.item.is_some() { mention(&text, &wanted) } else { None };
        let Some(at) = at else { continue };
        let end = at + wanted.len();
        if mentions.iter().all(|(start, stop, _)| end <= *start || *stop <= at) {
            mentions.push((at, end, item));
        }
    }
    mentions.sort_unstable_by_key(|(at, _, _)| *at);
    let (mut marked, mut at) = (String::new(), 0);
    for (start, end, item) in mentions {
        placed.insert(item.id);
        marked.push_str(&text[at..start]);
        marked.push_str(&component(item, &text[start..end]));
        at = end;
    }
    marked.push_str(&text[at..]);
    marked
}

/// Where a text has a name as a word of its own; Korean words go on with what they are in the sentence.
fn mention(text: &str, name: &str) -> Option<usize> {
    let is_word = |at: usize| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !before.is_some_and(char::is_alphanumeric) && !goes_on(behind)
    };
    text.match_indices(name).map(|(at, _)| at).find(|at| is_word(*at))
}

/// `@flour{3/2%cup}(sifted)`
fn component(item: &Ingredient, name: &str) -> String {
    let optional = if item.optional == Some(true) { "?" } else { "" };
    let fixed = if item.scaling == Scaling::Fixed && item.quantity.is_some() { "=" } else { "" };
    let preparation =
        item.preparation.as_deref().map(safe).map(|it| format!("({})", it.replace(['(', ')'], " ")));
    format!("@{optional}{name}{{{fixed}{}}}{}", amount(item), preparation.unwrap_or_default())
}

fn amount(item: &Ingredient) -> String {
    let amount = match (&item.quantity, &item.note) {
        (Some(Quantity { min, max: Some(max) }), _) => format!("{min}-{max}"),
        (Some(Quantity { min, max: None }), _) => min.to_string(),
        // Vague amounts keep their words.
        (None, Some(note)) => safe(note).replace('%', " "),
        (None, None) => String::new(),
    };
    match item.unit.as_deref().filter(|_| item.quantity.is_some()) {
        Some(unit) => format!("{amount}%{}", safe(unit)),
        None => amount,
    }
}

/// What an ingredient is called: its line, where nobody knows more.
fn name(item: &Ingredient) -> String {
    safe(item.item.as_deref().unwrap_or(&item.raw)).replace(['(', ')'], " ").trim().to_owned()
}

/// A text in one line, in which nothing means something to Cooklang, which knows no escapes: such characters are written
/// wide.
fn safe(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wide = line.chars().map(|c| match c {
        '@' => '＠',
        '#' => '＃',
        '~' => '～',
        '{' => '｛',
        '}' => '｝',
        other => other,
    });
    let wide: String = wide.collect::<String>().replace("--", "—").replace("[-", "[ -");
    match wide.chars().next() {
        Some('=') => format!("＝{}", &wide[1..]),
        Some('>') => format!("＞{}", &wide[1..]),
        _ => wide,
    }
}
