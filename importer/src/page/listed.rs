//! Groups in markup that nobody knows: where the lines of the recipe stand, headings stand between them.

use std::collections::HashMap;

use super::groups::Outline;
use crate::dom::{NodeId, Page};
use crate::plain::one_line;

/// Elements that are larger are no line.
const MAX_LINE_NODES: usize = 60;
const MAX_LINE_BYTES: usize = 1_500;
const MAX_HEADING_CHARS: usize = 120;
/// From how many of its first line's places a list is looked for.
const MAX_STARTS: usize = 20;

/// The groups that the page shows these lines in, and what their headings are.
pub(super) fn outline(page: &Page, lines: &[String]) -> Option<(Outline, String)> {
    let keys: Vec<String> = lines.iter().map(|line| key(line)).collect();
    if keys.iter().any(String::is_empty) {
        return None;
    }
    let places = places(page, &keys);
    let found = shown(page, &keys, &places)?;
    let list = common_ancestor(page, found[0], *found.last()?)?;
    let gaps = gaps(page, list, &found);
    let style = gaps.iter().skip(1).flatten().map(|heading| style(page, heading.node)).next()?;
    let mut parts: Vec<(Option<String>, usize)> = Vec::new();
    for (at, gap) in gaps.into_iter().enumerate() {
        // Before the first line stands the heading of all, unless it looks like those between.
        let heading = gap.filter(|heading| at > 0 || self::style(page, heading.node) == style);
        match (heading, parts.last_mut()) {
            (Some(heading), _) => parts.push((Some(heading.text), 1)),
            (None, Some((_, count))) => *count += 1,
            (None, None) => parts.push((None, 1)),
        }
    }
    Some((Outline { parts }, style))
}

/// Letters and digits alone: blanks, marks and spellings of fractions differ between what is seen and what is said.
fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '½' => key.push_str("12"),
            '⅓' => key.push_str("13"),
            '⅔' => key.push_str("23"),
            '¼' => key.push_str("14"),
            '¾' => key.push_str("34"),
            '⅛' => key.push_str("18"),
            other if other.is_alphanumeric() => key.extend(other.to_lowercase()),
            _ => {}
        }
    }
    key
}

/// Where each line stands on the page, in its order.
fn places<'k>(page: &Page, keys: &'k [String]) -> HashMap<&'k str, Vec<NodeId>> {
    let mut places: HashMap<&str, Vec<NodeId>> = keys.iter().map(|key| (key.as_str(), Vec::new())).collect();
    for id in page.all().filter(|id| !page.is_text(*id) && is_line(page, *id)) {
        if let Some(nodes) = places.get_mut(key(&page.text(id)).as_str()) {
            // The outermost of those that say the same.
            if nodes.last().is_none_or(|last| !page.contains(*last, id)) {
                nodes.push(id);
            }
        }
    }
    places
}

fn is_line(page: &Page, id: NodeId) -> bool {
    const MAY_BE: [&str; 11] = ["li", "p", "div", "span", "tr", "dd", "label", "dt", "a", "td", "section"];
    let size = page.size(id);
    let is_small = size > 0 && size <= MAX_LINE_NODES;
    is_small
        && (MAY_BE.contains(&page.name(id)) || page.name(id).contains('-'))
        && page.below(id).map(|below| page.text_len(below)).sum::<usize>() <= MAX_LINE_BYTES
}

/// The first place where all lines stand behind each other.
fn shown(page: &Page, keys: &[String], places: &HashMap<&str, Vec<NodeId>>) -> Option<Vec<NodeId>> {
    let starts = places.get(keys[0].as_str())?;
    starts.iter().take(MAX_STARTS).find_map(|start| {
        let mut found = vec![*start];
        for key in &keys[1..] {
            let last = *found.last().expect("BUG: it began with one");
            let nodes = &places[key.as_str()];
            let at = nodes.partition_point(|node| *node <= last || page.contains(last, *node));
            found.push(*nodes.get(at)?);
        }
        Some(found)
    })
}

fn common_ancestor(page: &Page, first: NodeId, last: NodeId) -> Option<NodeId> {
    page.ancestors(first).find(|above| page.contains(*above, last))
}

struct Heading {
    node: NodeId,
    text: String,
}

/// Before each line the heading that stands between it and the one before, if there is one.
fn gaps(page: &Page, list: NodeId, found: &[NodeId]) -> Vec<Option<Heading>> {
    let mut gaps = Vec::with_capacity(found.len());
    let mut next = page.below(list).peekable();
    let mut until = None;
    for line in found {
        let mut heading: Option<Heading> = None;
        while let Some(id) = next.next_if(|id| id < line) {
            let is_in_line = until.is_some_and(|last| page.contains(last, id) || last == id);
            let is_in_heading = heading.as_ref().is_some_and(|heading| page.contains(heading.node, id));
            if !is_in_line
                && !is_in_heading
                && !page.contains(id, *line)
                && let Some(text) = heading_text(page, id)
            {
                heading = Some(Heading { node: id, text });
            }
        }
        gaps.push(heading);
        until = Some(*line);
    }
    gaps
}

fn heading_text(page: &Page, id: NodeId) -> Option<String> {
    let name = page.name(id);
    if page.is_text(id) || page.size(id) == 0 || page.size(id) > 12 {
        return None;
    }
    let is_titled = || {
        let classes = page.attribute(id, "class").unwrap_or_default().to_ascii_lowercase();
        ["title", "heading", "header", "headline", "group", "section", "subtitle", "name"]
            .iter()
            .any(|word| classes.contains(word))
    };
    let bytes: usize = page.below(id).map(|below| page.text_len(below)).sum();
    if bytes > 4 * MAX_HEADING_CHARS {
        return None;
    }
    let text = one_line(&page.text(id));
    let says =
        !text.is_empty() && text.chars().count() <= MAX_HEADING_CHARS && text.contains(char::is_alphabetic);
    let is_heading = match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "caption" | "legend" | "th" | "strong" | "b"
        | "summary" => true,
        "p" | "li" | "div" | "span" | "tr" | "td" => is_titled() || text.ends_with(':'),
        _ => false,
    };
    (says && is_heading).then_some(text)
}

/// What headings of one kind have in common.
fn style(page: &Page, id: NodeId) -> String {
    let class = page.attribute(id, "class").and_then(|classes| classes.split_ascii_whitespace().next());
    match class {
        Some(class) => format!("{}.{class}", page.name(id)),
        None => page.name(id).to_owned(),
    }
}
