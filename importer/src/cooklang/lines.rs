//! Comments, sections, notes and steps.

use crate::front_matter::{Entry, FrontMatter};

pub enum Block {
    Section(Option<String>),
    Note(String),
    Step(String),
}

/// Without what stands behind `--` in its line and between `[-` and `-]`.
pub fn without_comments(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['-', '[']) {
        bare.push_str(&rest[..at]);
        let here = &rest[at..];
        // `---` is a rule of front matter, and text elsewhere.
        if here.starts_with("---") {
            let dashes = here.len() - here.trim_start_matches('-').len();
            bare.push_str(&here[..dashes]);
            rest = &here[dashes..];
        } else if here.starts_with("--") {
            rest = &here[here.find('\n').unwrap_or(here.len())..];
        } else if let Some(inside) = here.strip_prefix("[-") {
            rest = inside.split_once("-]").map_or("", |(_, behind)| behind);
        } else {
            bare.push_str(&here[..1]);
            rest = &here[1..];
        }
    }
    bare.push_str(rest);
    bare
}

/// The blocks of a text. Names of the old form (`>> servings: 4`) join the metadata.
pub fn blocks(text: &str, metadata: &mut FrontMatter) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            blocks.extend(open.take());
        } else if let Some((name, said)) = trimmed.strip_prefix(">>").and_then(|entry| entry.split_once(':'))
        {
            blocks.extend(open.take());
            metadata.entries.push((name.trim().to_owned(), Entry::One(said.trim().to_owned())));
        } else if trimmed.starts_with('=') {
            blocks.extend(open.take());
            let name = trimmed.trim_matches('=').trim();
            blocks.push(Block::Section((!name.is_empty()).then(|| name.to_owned())));
        } else if let Some(note) = trimmed.strip_prefix('>').filter(|_| !matches!(open, Some(Block::Step(_))))
        {
            match &mut open {
                Some(Block::Note(text)) => {
                    text.push(' ');
                    text.push_str(note.trim());
                }
                _ => open = Some(Block::Note(note.trim().to_owned())),
            }
        } else {
            match &mut open {
                Some(Block::Step(text) | Block::Note(text)) => {
                    text.push(' ');
                    text.push_str(line);
                }
                _ => open = Some(Block::Step(line.to_owned())),
            }
        }
    }
    blocks.extend(open);
    blocks
}
