use std::fmt::Write;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::tokens::{Placed, placed};
use super::{Term, Terms};
use crate::domain::escaped::Escaped;

/// Where in a recipe words were found: a piece of HTML in which they are marked and nothing else is markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Highlight {
    /// `title`, `ingredients`, `steps`, `description` or `tags`.
    #[schema(value_type = String, example = "title")]
    pub field: &'static str,
    #[schema(example = "<mark>김치</mark>찌개")]
    pub snippet: String,
}

/// So many fields are shown of a recipe, the first that have the words.
const MAX_FIELDS: usize = 3;
/// So many characters of a line.
const MAX_CHARS: usize = 160;
/// So many of them before the first that is marked.
const CHARS_BEFORE: usize = 40;

/// Where a kept document has any of these words.
pub fn highlights(document: &Map<String, Value>, terms: &[&Terms]) -> Vec<Highlight> {
    let fields = ["title", "ingredients", "steps", "description", "tags"].into_iter();
    let found = fields.filter_map(|field| {
        let mut lines = lines(document, field).into_iter();
        lines.find_map(|line| snippet(line, terms)).map(|snippet| Highlight { field, snippet })
    });
    found.take(MAX_FIELDS).collect()
}

fn lines<'a>(document: &'a Map<String, Value>, field: &str) -> Vec<&'a str> {
    let member = |name: &str| document.get(name).into_iter();
    let items = |groups: &str, member: &'static str| {
        let groups = document.get(groups).and_then(Value::as_array).into_iter().flatten();
        let items = groups.filter_map(|group| group["items"].as_array()).flatten();
        items.filter_map(|item| item[member].as_str()).collect::<Vec<_>>()
    };
    match field {
        "ingredients" => items("ingredient_groups", "raw"),
        "steps" => items("step_groups", "text"),
        "tags" => member("tags").filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect(),
        name => member(name).filter_map(Value::as_str).collect(),
    }
}

/// A line around the first word that is in it. None: there is none.
fn snippet(line: &str, terms: &[&Terms]) -> Option<String> {
    let tokens = placed(line);
    let mut marks: Vec<(usize, usize)> =
        terms.iter().flat_map(|terms| terms.iter()).flat_map(|term| occurrences(&tokens, term)).collect();
    marks.sort_unstable();
    let first = marks.first()?.0;
    let start = back(line, first, CHARS_BEFORE);
    let end = line[start..].char_indices().nth(MAX_CHARS).map_or(line.len(), |(at, _)| start + at);
    Some(marked(line, start, end, &marks))
}

/// The place so many characters before another.
fn back(line: &str, at: usize, chars: usize) -> usize {
    line[..at].char_indices().rev().take(chars).last().map_or(at, |(start, _)| start)
}

/// From where to where a line has a term.
fn occurrences(tokens: &[Placed], term: &Term) -> Vec<(usize, usize)> {
    let wanted = term.tokens();
    let matches = tokens.windows(wanted.len()).filter_map(|window| {
        let (last, others) = window.split_last()?;
        let (wanted_last, wanted_others) = wanted.split_last()?;
        let same = others.iter().zip(wanted_others).all(|(token, wanted)| token.text == *wanted);
        let end = match term.is_prefix() {
            true => last.end_of_prefix(wanted_last)?,
            false => (last.text == *wanted_last).then(|| last.end())?,
        };
        same.then_some((window[0].start, end))
    });
    matches.collect()
}

fn marked(line: &str, start: usize, end: usize, marks: &[(usize, usize)]) -> String {
    let mut html = String::from(if start > 0 { "…" } else { "" });
    let mut at = start;
    for (from, to) in marks {
        // Marks that overlap are one; what is cut off is not shown.
        let (from, to) = ((*from).max(at), (*to).min(end));
        if from < to {
            let (before, mark) = (Escaped(&line[at..from]), Escaped(&line[from..to]));
            let _ = write!(html, "{before}<mark>{mark}</mark>");
            at = to;
        }
    }
    let _ = write!(html, "{}", Escaped(&line[at..end]));
    html.push_str(if end < line.len() { "…" } else { "" });
    html.replace("</mark><mark>", "")
}
